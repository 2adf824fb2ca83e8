import Canonical
import Clinic

/// A stretch of an infusion between two points at which something was charted.
struct InfusionGap: Sendable {
    let run: InfusionRun
    let from: DecidingEvent
    let to: DecidingEvent

    /// Microseconds.
    var length: Int64 { to.occurredAt.microseconds(since: from.occurredAt) }
    /// `11 min (14:05–14:16)`.
    var words: String { "\(Span.words(length)) (\(from.occurredAt.clock)–\(to.occurredAt.clock(besides: from.occurredAt)))" }

    /// How much of it no waiver covers, µs.
    func uncovered(by waivers: [Charted<WaiverNoted>]) -> Int64 {
        var covered: Int64 = 0
        var reached = from.occurredAt
        for waiver in waivers.sorted(by: { $0.body.from < $1.body.from }) {
            let (start, end) = (max(waiver.body.from, reached), min(waiver.body.to, to.occurredAt))
            guard start < end else { continue }
            covered += end.microseconds(since: start)
            reached = end
        }
        return length - covered
    }

    /// Whether it and the span of a waiver have more than an instant in common.
    func meets(_ waiver: Charted<WaiverNoted>) -> Bool {
        waiver.body.from < to.occurredAt && from.occurredAt < waiver.body.to
    }
}

extension Evidence {
    /// The infusions of the session from point to point: the start, each of the events that fall within, and the end. The ways from the start and to
    /// the end count too. An infusion that still runs is known to run up to the last event of the session.
    func gaps(between points: [ChartEvent]) -> [InfusionGap] {
        session.runs.enumerated().flatMap { index, run in
            let next = session.runs.dropFirst(index + 1).first
            let end: DecidingEvent? =
                if let stop = run.stop { deciding(stop) } else if run.end != nil { next.map { deciding($0.start) } } else {
                    history.clinical.last.map(DecidingEvent.init)
                }
            let start = deciding(run.start)
            let until = end?.occurredAt ?? start.occurredAt
            let within = points.filter { start.occurredAt <= $0.occurredAt && $0.occurredAt <= until }.map(DecidingEvent.init)
            let stations = [start] + within + (end.map { [$0] } ?? [])
            return zip(stations, stations.dropFirst()).map { InfusionGap(run: run, from: $0, to: $1) }
        }
    }

    /// The starts and stops of the session's infusions.
    var endsOfInfusions: [DecidingEvent] {
        session.runs.flatMap { [deciding($0.start)] + ($0.stop.map { [deciding($0)] } ?? []) }
    }

    /// The waivers of a rule that a prescriber noted, in the order of happening.
    func waivers(of rule: String) -> [Charted<WaiverNoted>] {
        session.waivers.filter { $0.body.rule == rule && reference.staff($0.actor, at: $0.at)?.roles.contains(.prescriber) == true }
    }
}

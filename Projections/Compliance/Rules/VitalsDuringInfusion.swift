import Canonical
import Clinic

/// M1: while an infusion runs, paused or not, heart rate and blood pressure are charted often enough. The ways from the start to the first
/// set and from the last set to the stop count too. The policy at the start of the infusion applies to all of it.
struct VitalsDuringInfusion: Rule {
    let id = "M1"
    let title = "Vitals during the infusion"
    let citation = "ASA Standards for Basic Anesthetic Monitoring, by policy"
    let needs = "the vitals of the session, and its starts and stops"

    private struct Gap {
        let from: DecidingEvent
        let to: DecidingEvent
        var length: Int64 { to.occurredAt.microseconds(since: from.occurredAt) }
        var words: String { "\(Span.words(length)) (\(from.occurredAt.clock)–\(to.occurredAt.clock(besides: from.occurredAt)))" }
    }

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let first = evidence.session.runs.first else { return evidence.notApplicable("No infusion was started") }
        var gaps: [Gap] = []
        var longest: Int64 = 0
        for (index, run) in evidence.session.runs.enumerated() {
            let next = evidence.session.runs.dropFirst(index + 1).first
            let limit = Int64(evidence.policy(at: run.start.at).vitalsGapMin) * 60_000_000
            for gap in self.gaps(in: run, next: next, evidence) {
                longest = max(longest, gap.length)
                if gap.length > limit { gaps.append(gap) }
            }
        }
        let policy = evidence.policy(at: gaps.first?.from.occurredAt ?? first.start.at)
        let allowed = "policy \(policy.version) allows \(policy.vitalsGapMin)"
        guard let worst = gaps.first else {
            let ends = evidence.session.runs.flatMap { [evidence.deciding($0.start)] + ($0.stop.map { [evidence.deciding($0)] } ?? []) }
            return evidence.finding(
                .pass, "Heart rate and blood pressure at most \(Span.words(longest)) apart; \(allowed)", ends, at: first.start.at)
        }
        return evidence.finding(
            .fail, "No heart rate and blood pressure for \(Phrase.list(gaps.map(\.words))); \(allowed)", gaps.flatMap { [$0.from, $0.to] },
            at: worst.from.occurredAt)
    }

    /// From point to point: the start, each full set of vitals, and the end. An infusion that still runs is known to run up to the last event.
    private func gaps(in run: InfusionRun, next: InfusionRun?, _ evidence: Evidence) -> [Gap] {
        let end: DecidingEvent? =
            if let stop = run.stop { evidence.deciding(stop) } else if run.end != nil { next.map { evidence.deciding($0.start) } } else {
                evidence.history.clinical.last.map(DecidingEvent.init)
            }
        let start = evidence.deciding(run.start)
        let until = end?.occurredAt ?? start.occurredAt
        let sets = evidence.vitals.filter { start.occurredAt <= $0.occurredAt && $0.occurredAt <= until }.map(DecidingEvent.init)
        let points = [start] + sets + (end.map { [$0] } ?? [])
        return zip(points, points.dropFirst()).map { Gap(from: $0, to: $1) }
    }
}

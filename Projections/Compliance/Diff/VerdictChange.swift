import Canonical
import Clinic
import Foundation

/// A verdict that is another one at a second point of the log than it was at a first, or than it would be as first charted: as known then, and as
/// corrected now.
public struct VerdictChange: Sendable, Hashable {
    /// What made the verdict another one.
    public enum Cause: Sendable, Hashable {
        /// A correction, and the event that it corrects.
        case correction(DecidingEvent, of: DecidingEvent?)
        /// Something that had happened by the first point and was entered after it.
        case lateEntry(DecidingEvent)
        /// Something that happened after the first point.
        case event(DecidingEvent)
        /// A deadline passed, and nothing came.
        case passingOfTime
    }

    /// The verdict became another one, perhaps not for good.
    public struct Step: Sendable, Hashable {
        public let cause: Cause
        public let finding: Finding
    }

    /// At the first point; nil for a stream that was not known then.
    public let before: Judgement?
    /// What was said before the first correction, late entry or deadline: `before`, or what became of it as care went on.
    public let charted: Finding?
    /// From there on; at least one.
    public let steps: [Step]
    /// At the second point.
    public let after: Judgement
}

/// Which verdicts came out otherwise at a second point than at a first.
public struct VerdictChanges: Sendable, Hashable {
    /// Those that corrections, late entries or a deadline changed.
    public var changes: [VerdictChange] = []
    /// Verdicts that are new or others because care went on: how many now say what.
    public var inCourse: [Verdict: Int] = [:]
    /// Verdicts that were there at the first point and are the same.
    public var unchanged = 0

    public init() {}
}

extension VerdictChange {
    /// How a stream's verdict by one rule changed, found by taking what is new at the second point event by event, in the order of recording.
    ///
    /// - Parameters:
    ///   - before: at the first point; nil where the stream was not known.
    ///   - after: at the second point, another verdict.
    ///   - dossier: at the second point.
    ///   - then: when the last event that was known at the first point was entered.
    ///   - isKnown: whether an event was known at the first point.
    /// - Returns: nil where care went on and the same would be said without what is late or corrects.
    static func between(
        _ before: Judgement?, _ after: Judgement, in dossier: Dossier, then: Timestamp?, isKnown: (ChartEvent) -> Bool
    ) -> VerdictChange? {
        guard let rule = RuleSet.rule(after.rule) else { return nil }
        let new = dossier.events.filter { !isKnown($0) }.sorted { ($0.recordedAt, $0.position) < ($1.recordedAt, $1.position) }
        let known = Set(dossier.events.filter(isKnown).map(\.id))
        func isBackward(_ event: ChartEvent) -> Bool { event.isCorrection || then.map { event.occurredAt <= $0 } ?? false }
        let asCharted = known.union(new.filter { !isBackward($0) }.map(\.id))
        let isCorrected = asCharted.count < known.count + new.count
        let isAwaited = before?.finding.reconsiderAt != nil
        guard isCorrected || isAwaited else { return nil }
        let (charted, steps) = walk(before?.finding, after.finding, over: new, of: dossier, known: known, rule, isBackward)
        guard let last = steps.last else { return nil }
        let asFirstCharted = dossier.keeping(asOf: dossier.asOf) { asCharted.contains($0.id) }
        let differs = isCorrected && (asFirstCharted.history.isEmpty || Judgement.of(asFirstCharted, by: rule).verdict != after.verdict)
        guard differs || last.cause == .passingOfTime else { return nil }
        return VerdictChange(before: before, charted: charted, steps: steps, after: after)
    }

    /// The steps from the first that is more than care going on, and what was said before it.
    private static func walk(
        _ before: Finding?, _ after: Finding, over new: [ChartEvent], of dossier: Dossier, known: Set<UUID>, _ rule: any Rule,
        _ isBackward: (ChartEvent) -> Bool
    ) -> (charted: Finding?, steps: [Step]) {
        var (charted, latest, known, steps) = (before, before, known, [Step]())
        func take(_ finding: Finding, _ cause: Cause) {
            guard finding.verdict != latest?.verdict else { return }
            latest = finding
            if case .event = cause, steps.isEmpty { charted = finding } else { steps.append(Step(cause: cause, finding: finding)) }
        }
        for event in new {
            known.insert(event.id)
            let part = dossier.keeping(asOf: event.recordedAt) { known.contains($0.id) }
            guard !part.history.isEmpty else { continue }
            take(Judgement.of(part, by: rule), cause(of: event, isBackward(event), in: dossier))
        }
        take(after, .passingOfTime)
        return (charted, steps)
    }

    private static func cause(of event: ChartEvent, _ isBackward: Bool, in dossier: Dossier) -> Cause {
        let target: UUID? =
            switch event.body {
            case .eventAmended(let body): body.target
            case .eventVoided(let body): body.target
            default: nil
            }
        guard let target else { return isBackward ? .lateEntry(DecidingEvent(event)) : .event(DecidingEvent(event)) }
        return .correction(DecidingEvent(event), of: dossier.events.first { $0.id == target }.map(DecidingEvent.init))
    }
}

extension Dossier {
    /// As recorded, of all its streams. The clinic's own stream stands in its dossier twice, and here once.
    fileprivate var events: [ChartEvent] {
        let parts = [history, patient] + (stream == .clinic ? [] : [clinicHistory]) + sessions.values
        return parts.flatMap(\.events)
    }

    /// The same with fewer events.
    fileprivate func keeping(asOf: Timestamp?, _ isKept: (ChartEvent) -> Bool) -> Dossier {
        func part(_ history: History) -> History { History(history.events.filter(isKept), at: history.bounds.at) }
        return Dossier(
            clinic: clinic, stream: stream, history: part(history), patient: part(patient), clinicHistory: part(clinicHistory),
            sessions: sessions.mapValues(part), asOf: asOf)
    }
}

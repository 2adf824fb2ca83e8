public import Canonical
import Clinic
import Foundation

extension VerdictChange {
    /// One object for programs: `{"after","because":[{"corrects"?,"event"?,"kind","sentence","verdict"}],"before"?,"charted"?,"clinic","patient"?,"rule",
    /// "session"?,"stream"}`, where `before`, `charted` and `after` are `{"policy_version","sentence","verdict"}` and `kind` is correction, late_entry, event or deadline.
    public var json: JSON {
        var members: [String: JSON] = [
            "clinic": .string(after.clinic), "stream": .string(after.stream.description), "rule": .string(after.rule),
            "after": Self.words(after.finding), "because": .array(steps.map(\.json)),
        ]
        members["before"] = before.map { Self.words($0.finding) }
        members["charted"] = charted.map(Self.words)
        members["patient"] = after.patient.map { .string($0.lowercase) }
        members["session"] = after.session.map { .number(JSONNumber($0)) }
        return .object(members)
    }

    private static func words(_ finding: Finding) -> JSON {
        [
            "verdict": .string(finding.verdict.rawValue), "sentence": .string(finding.sentence),
            "policy_version": .string(finding.policyVersion),
        ]
    }
}

extension VerdictChange.Step {
    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "kind": .string(cause.kind), "verdict": .string(finding.verdict.rawValue), "sentence": .string(finding.sentence),
        ]
        members["event"] = cause.event?.json
        if case .correction(_, let target?) = cause { members["corrects"] = target.json }
        return .object(members)
    }
}

extension VerdictChange.Cause {
    fileprivate var kind: String {
        switch self {
        case .correction: "correction"
        case .lateEntry: "late_entry"
        case .event: "event"
        case .passingOfTime: "deadline"
        }
    }

    /// The event behind it; nil where there is none.
    public var event: DecidingEvent? {
        switch self {
        case .correction(let event, _), .lateEntry(let event), .event(let event): event
        case .passingOfTime: nil
        }
    }
}

public import Canonical
import Clinic

extension RuleSet {
    /// `{"rules":[{"citation","id","judges":[kind of stream],"needs","policy_values":[name],"title","verdicts":[name]}],"version"}`. `judges` is
    /// `["log"]` where a log is judged as a whole.
    public static var json: JSON { ["version": .string(version), "rules": .array(rules.map(json))] }

    private static func json(_ rule: any Rule) -> JSON {
        let judges = StreamKind.allCases.filter(rule.streams.contains).map(\.rawValue)
        return [
            "id": .string(rule.id), "title": .string(rule.title), "citation": .string(rule.citation), "needs": .string(rule.needs),
            "judges": .array((judges.isEmpty ? ["log"] : judges).map { .string($0) }),
            "policy_values": .array(rule.policyValues.map { .string($0) }),
            "verdicts": .array(Verdict.allCases.filter(rule.verdicts.contains).map { .string($0.rawValue) }),
        ]
    }
}

public import Canonical
import Clinic
import Foundation

extension Finding {
    /// The deciding events as a list of objects, for the column `deciding`.
    public var decidingJSON: JSON { .written(writeDeciding) }

    func writeDeciding(to writer: inout CanonicalWriter) { writer.array(of: deciding) { $1.write(to: &$0) } }
}

extension Judgement {
    /// One object for programs, a line of `dripline compliance --json`:
    /// `{"citation","clinic","decided_at"?,"deciding":[{"actor","event","occurred_at","position","stream","type"}],"patient"?,"policy_version",
    /// "rule","rule_set","sentence","session"?,"session_at"?,"stream","title","verdict"}`.
    public var json: JSON {
        var members: [String: JSON] = [
            "clinic": .string(clinic), "stream": .string(stream.description), "rule": .string(rule), "rule_set": .string(ruleSet),
            "verdict": .string(verdict.rawValue), "sentence": .string(finding.sentence), "policy_version": .string(finding.policyVersion),
            "deciding": finding.decidingJSON,
        ]
        members["patient"] = patient.map { .string($0.lowercase) }
        members["session"] = session.map { .number(JSONNumber($0)) }
        members["session_at"] = sessionAt.map { .string($0.description) }
        members["decided_at"] = finding.decidedAt.map { .string($0.description) }
        if let known = RuleSet.rule(rule) {
            members["title"] = .string(known.title)
            members["citation"] = .string(known.citation)
        }
        return .object(members)
    }
}

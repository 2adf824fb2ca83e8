import Canonical
public import Clinic
public import Ledger
import Postgres

/// The verdicts of the rule set on every stream: one row a stream and rule.
public struct Compliance: Projection {
    public static let name = "compliance"
    public static let version = 3
    public static let logs: Set<LogName.Kind> = [.record, .access]
    public static let streams = Set(StreamKind.allCases)
    public static let context: Set<DossierContext> = [.patient, .clinic, .sessions]
    public static let deadline: ProjectionDeadline? = ProjectionDeadline(table: "verdicts", column: "reconsider_at")
    public static var definition: [UInt8] { PackageResources.projection_compliance_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_compliance_sql }

    public static let tables = [
        ProjectionTable(
            "verdicts",
            [
                "patient", "session_number", "session_at", "rule", "verdict", "sentence", "policy_version", "rule_set",
                "deciding_positions",
                "deciding_events", "deciding", "decided_at", "reconsider_at",
            ])
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        for judgement in Judgement.all(of: dossier) {
            let finding = judgement.finding
            rows.add(
                0,
                [
                    judgement.patient, judgement.session, SQLTimestamp(judgement.sessionAt), judgement.rule,
                    finding.verdict.rawValue, finding.sentence, finding.policyVersion, judgement.ruleSet, finding.deciding.map(\.position),
                    finding.deciding.map(\.event), JSONText.written(finding.writeDeciding),
                    SQLTimestamp(finding.decidedAt), SQLTimestamp(finding.reconsiderAt),
                ])
        }
    }
}

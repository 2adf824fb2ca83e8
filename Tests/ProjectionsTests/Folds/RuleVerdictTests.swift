import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct RuleVerdictTests {
    /// The ids of the domain's table.
    static let domain = [
        "M1", "M2", "M3", "M4", "P1", "P2", "P3", "C1", "C2", "D1", "D2", "D3", "D4", "D5", "D7", "X1", "X2", "X3", "X4", "X5", "X6", "A1",
        "A2",
        "A3", "A4", "A5", "A6", "A8",
    ]
    /// Tested verdict by verdict where their streams are built: vials in `DrugRuleTests`, logs in `LedgerTests` and `ComplianceReadingTests`.
    static let elsewhere: Set<String> = ["D2", "D3", "D4", "D5", "D7", "A1"]

    @Test func theRuleSetIsTheDomainsTable() { #expect(RuleSet.rules.map(\.id) == Self.domain) }

    @Test(arguments: RuleCase.all) func comesToTheVerdict(_ example: RuleCase) {
        let finding = example.finding
        #expect(finding.verdict == example.verdict, "\(finding.sentence)")
        #expect(!finding.sentence.isEmpty && !finding.sentence.contains("Moor") && !finding.sentence.hasSuffix("."))
        if [.pass, .fail, .overridden].contains(finding.verdict) { #expect(!finding.deciding.isEmpty && finding.decidedAt != nil) }
        if finding.verdict == .overridden { #expect(finding.sentence.contains("petra"), "who: \(finding.sentence)") }
    }

    @Test(arguments: RuleSet.rules.map(\.id).filter { !elsewhere.contains($0) }) func eachVerdictIsTested(_ id: String) throws {
        let rule = try #require(RuleSet.rule(id))
        #expect(Set(RuleCase.all.filter { $0.rule == id }.map(\.verdict)) == rule.verdicts)
    }

    /// Changing policy never rewrites verdicts: one that comes into force later is one that was not there.
    @Test(arguments: RuleCase.all) func aLaterPolicyChangesNothing(_ example: RuleCase) {
        var later = example.scenario
        later.adopt(
            "2027-1", from: "2027-01-01",
            [
                "vitals_gap_min": 1, "vitals_before_start_min": 1, "clinician_gap_min": 1, "acls_required": false, "recovery_score_min": 10,
                "recovery_min": 240, "blood_pressure_tolerance_percent": 0, "late_entry_h": 1, "break_glass_review_days": 1,
                "waste_witness_required": false, "vial_tolerance_mg": 0, "dose_tolerance_percent": 0, "retention_years": 30,
            ])
        let asOf = example.asOf ?? example.scenario.dossier(example.stream).asOf
        #expect(later.judge(example.rule, example.stream, asOf: asOf) == example.scenario.judge(example.rule, example.stream, asOf: asOf))
    }
}

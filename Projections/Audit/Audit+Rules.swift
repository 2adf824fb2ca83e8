import Canonical
import Clinic

extension Audit {
    /// A rule and how often it came to what.
    struct RuleRow {
        let id: String
        let title: String
        let citation: String
        let counts: [Verdict: Int]
    }

    /// Every rule of the rule set, in its order, also one that nothing was judged by.
    var ruleRows: [RuleRow] {
        RuleSet.rules.map { rule in
            RuleRow(
                id: rule.id, title: rule.title, citation: rule.citation,
                counts: Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0, verdicts[rule.id]?[$0] ?? 0) }))
        }
    }

    /// How often any rule came to a verdict.
    func count(_ verdict: Verdict) -> Int { verdicts.values.reduce(0) { $0 + ($1[verdict] ?? 0) } }
}

extension Policy {
    /// Its values by the names that PolicyAdopted gives them, in its order.
    var values: [(name: String, value: JSON)] {
        func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
        return [
            ("vitals_gap_min", number(vitalsGapMin)), ("vitals_before_start_min", number(vitalsBeforeStartMin)),
            ("clinician_gap_min", number(clinicianGapMin)), ("acls_required", .bool(aclsRequired)),
            ("vial_tolerance_mg", .of(vialToleranceMg)), ("dose_tolerance_percent", .of(doseTolerancePercent)),
            ("waste_witness_required", .bool(wasteWitnessRequired)), ("recovery_score_min", number(recoveryScoreMin)),
            ("recovery_min", number(recoveryMin)), ("blood_pressure_tolerance_percent", .of(bloodPressureTolerancePercent)),
            ("late_entry_h", number(lateEntryH)), ("break_glass_review_days", number(breakGlassReviewDays)),
            ("retention_years", number(retentionYears)),
        ]
    }
}

extension Audit.Correction.Effect {
    var name: String {
        switch self {
        case .amended: "amended"
        case .voided: "voided"
        case .amendmentVoided: "amendment_voided"
        case .none(let reason): "none: \(reason.rawValue)"
        }
    }
}

extension Audit {
    /// One line: `2 failures, 3 overridden, 4 not determined; both logs intact`.
    public var summary: String {
        let faults = logs.reduce(0) { $0 + $1.faults.count }
        let intact = faults == 0 ? "both logs intact" : "NOT intact, \(Phrase.count(faults, "fault"))"
        return
            "\(Phrase.count(count(.fail), "failure")), \(count(.overridden)) overridden, \(count(.indeterminate)) not determined; \(intact)."
    }
}

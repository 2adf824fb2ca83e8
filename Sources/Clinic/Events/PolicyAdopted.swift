public import Canonical

/// The clinic sets its own limits. A value left out stays as the policy before had it.
public struct PolicyAdopted: EventData {
    public static var eventType: EventType { .policyAdopted }
    public static var streams: Set<StreamKind> { [.clinic] }

    public let version: String
    /// The policy holds from here on, or from `occurred_at` if that is later.
    public let effectiveAt: Timestamp
    /// Longest gap between vitals while an infusion runs, 1–60.
    public let vitalsGapMin: Int?
    /// How fresh the vitals before a start must be, 1–240.
    public let vitalsBeforeStartMin: Int?
    /// Longest gap between entries of a clinician, 1–240.
    public let clinicianGapMin: Int?
    public let aclsRequired: Bool?
    /// By how much a vial's account may be out, 0–100.
    public let vialToleranceMg: Milligrams?
    /// By how much total_mg may differ from the charted integral, 0–100.
    public let doseTolerancePercent: Percent?
    public let wasteWitnessRequired: Bool?
    /// Lowest recovery score for discharge, 0–10.
    public let recoveryScoreMin: Int?
    /// From the stop to discharge, 0–1,440.
    public let recoveryMin: Int?
    /// By how much the last blood pressure may differ from baseline, 0–100.
    public let bloodPressureTolerancePercent: Percent?
    /// Entered later than this is late, 1–8,760.
    public let lateEntryH: Int?
    /// 1–365.
    public let breakGlassReviewDays: Int?
    /// How long a chart is kept after the last session, 6–100: six is the least for audit documents (45 CFR 164.316(b)(2)(i)).
    public let retentionYears: Int?
}

extension PolicyAdopted {
    public init(reading fields: inout FieldReader) {
        version = fields.required("version", .text(.identifier))
        effectiveAt = fields.required("effective_at", .time)
        vitalsGapMin = fields.optional("vitals_gap_min", .integer(1...60))
        vitalsBeforeStartMin = fields.optional("vitals_before_start_min", .integer(1...240))
        clinicianGapMin = fields.optional("clinician_gap_min", .integer(1...240))
        aclsRequired = fields.optional("acls_required", .flag)
        vialToleranceMg = fields.optional("vial_tolerance_mg", .quantity(.from(0, through: 100)))
        doseTolerancePercent = fields.optional("dose_tolerance_percent", .quantity(.from(0, through: 100)))
        wasteWitnessRequired = fields.optional("waste_witness_required", .flag)
        recoveryScoreMin = fields.optional("recovery_score_min", .integer(0...10))
        recoveryMin = fields.optional("recovery_min", .integer(0...1_440))
        bloodPressureTolerancePercent = fields.optional("blood_pressure_tolerance_percent", .quantity(.from(0, through: 100)))
        lateEntryH = fields.optional("late_entry_h", .integer(1...8_760))
        breakGlassReviewDays = fields.optional("break_glass_review_days", .integer(1...365))
        retentionYears = fields.optional("retention_years", .integer(6...100))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("version", version)
        fields.put("effective_at", effectiveAt)
        fields.put("vitals_gap_min", vitalsGapMin)
        fields.put("vitals_before_start_min", vitalsBeforeStartMin)
        fields.put("clinician_gap_min", clinicianGapMin)
        fields.put("acls_required", aclsRequired)
        fields.put("vial_tolerance_mg", vialToleranceMg)
        fields.put("dose_tolerance_percent", doseTolerancePercent)
        fields.put("waste_witness_required", wasteWitnessRequired)
        fields.put("recovery_score_min", recoveryScoreMin)
        fields.put("recovery_min", recoveryMin)
        fields.put("blood_pressure_tolerance_percent", bloodPressureTolerancePercent)
        fields.put("late_entry_h", lateEntryH)
        fields.put("break_glass_review_days", breakGlassReviewDays)
        fields.put("retention_years", retentionYears)
    }

    public var summary: String { "Policy \(version) adopted, effective \(effectiveAt.clock)" }
}

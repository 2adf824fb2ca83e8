import Canonical

/// The limits that a clinic sets for itself. Defaults are the [P] values of the domain; none of them is law.
public struct Policy: Sendable, Hashable {
    /// The version of the defaults, in force until the clinic adopts a policy.
    public static let defaultVersion = "default"

    public internal(set) var version = Policy.defaultVersion
    /// Longest gap between vitals while an infusion runs, minutes.
    public internal(set) var vitalsGapMin = 5
    /// How fresh the vitals before a start must be, minutes.
    public internal(set) var vitalsBeforeStartMin = 15
    /// Longest gap between entries of a clinician while an infusion runs, minutes.
    public internal(set) var clinicianGapMin = 15
    public internal(set) var aclsRequired = true
    /// By how much a vial's account may be out.
    public internal(set) var vialToleranceMg = Milligrams(thousandths: 500)
    /// By how much a charted total may differ from the integral of the rate.
    public internal(set) var doseTolerancePercent: Percent = 2
    public internal(set) var wasteWitnessRequired = true
    /// Lowest recovery score for discharge.
    public internal(set) var recoveryScoreMin = 9
    /// From the stop to discharge, minutes.
    public internal(set) var recoveryMin = 30
    /// By how much the last blood pressure may differ from baseline.
    public internal(set) var bloodPressureTolerancePercent: Percent = 20
    /// Entered later than this is late, hours.
    public internal(set) var lateEntryH = 24
    /// A break-glass access is reviewed within this many days.
    public internal(set) var breakGlassReviewDays = 3
    /// How long a chart is kept after the last session, years; for minors until 21 at least.
    public internal(set) var retentionYears = 7

    public init() {}

    /// What an adoption makes of the policy that it replaces: values left out stay.
    func replaced(by adoption: PolicyAdopted) -> Policy {
        var policy = self
        policy.version = adoption.version
        policy.vitalsGapMin = adoption.vitalsGapMin ?? vitalsGapMin
        policy.vitalsBeforeStartMin = adoption.vitalsBeforeStartMin ?? vitalsBeforeStartMin
        policy.clinicianGapMin = adoption.clinicianGapMin ?? clinicianGapMin
        policy.aclsRequired = adoption.aclsRequired ?? aclsRequired
        policy.vialToleranceMg = adoption.vialToleranceMg ?? vialToleranceMg
        policy.doseTolerancePercent = adoption.doseTolerancePercent ?? doseTolerancePercent
        policy.wasteWitnessRequired = adoption.wasteWitnessRequired ?? wasteWitnessRequired
        policy.recoveryScoreMin = adoption.recoveryScoreMin ?? recoveryScoreMin
        policy.recoveryMin = adoption.recoveryMin ?? recoveryMin
        policy.bloodPressureTolerancePercent = adoption.bloodPressureTolerancePercent ?? bloodPressureTolerancePercent
        policy.lateEntryH = adoption.lateEntryH ?? lateEntryH
        policy.breakGlassReviewDays = adoption.breakGlassReviewDays ?? breakGlassReviewDays
        policy.retentionYears = adoption.retentionYears ?? retentionYears
        return policy
    }
}

/// A policy and the instant from which it holds: the later of its adoption and its `effective_at`.
struct PolicyInForce: Sendable, Hashable {
    let from: Timestamp
    let policy: Policy

    /// Policies in the order in which they come into force, each on top of the one before it.
    static func sequence(of adoptions: [Charted<PolicyAdopted>]) -> [PolicyInForce] {
        let ordered = adoptions.map { (from: max($0.at, $0.body.effectiveAt), adoption: $0) }
            .sorted { ($0.from, $0.adoption.position) < ($1.from, $1.adoption.position) }
        var policy = Policy()
        return ordered.map { from, adoption in
            policy = policy.replaced(by: adoption.body)
            return PolicyInForce(from: from, policy: policy)
        }
    }
}

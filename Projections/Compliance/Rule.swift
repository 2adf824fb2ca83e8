public import Clinic

/// One rule that an audit evaluates, in one file under `Rules/`.
///
/// A rule judges what is charted: corrections are applied, voided events are gone. It looks at nothing but its evidence. While a session is open
/// it says what holds so far; what it doesn't find to fail is then shown as indeterminate, so it must call `fail` only what no later event can mend
/// (a late entry or a correction still may).
public protocol Rule: Sendable {
    /// As in the domain's table: `M1`.
    var id: String { get }
    /// A few words, for the head of a column or a list.
    var title: String { get }
    /// Where it comes from: a regulation by its number, a standard, or the clinic's policy.
    var citation: String { get }
    /// What it is folded from, in words: `the vitals of the session, and its starts and stops`.
    var needs: String { get }
    /// The streams that it judges. None for a rule that judges a log as a whole.
    var streams: Set<StreamKind> { get }
    /// The verdicts that it can come to.
    var verdicts: Set<Verdict> { get }
    /// The values of the clinic's policy that it goes by, as PolicyAdopted names them. Empty where its source sets the limit.
    var policyValues: [String] { get }
    /// Whether a session must have seen its patient for the rule to mean anything.
    var needsArrival: Bool { get }

    func evaluate(_ evidence: Evidence) -> Finding
}

extension Rule {
    public var streams: Set<StreamKind> { [.session] }
    public var verdicts: Set<Verdict> { [.pass, .fail, .notApplicable, .indeterminate] }
    public var policyValues: [String] { [] }
    public var needsArrival: Bool { true }
}

/// The rules that are evaluated together, under one version.
public enum RuleSet {
    /// Goes up when a rule is added or comes to mean something else.
    public static let version = "2026-11.2"

    /// In the order in which they are shown.
    public static let rules: [any Rule] = [
        VitalsDuringInfusion(), OxygenationDuringInfusion(), VitalsAroundInfusion(), ClinicianDuringInfusion(),
        CandidacyBeforeInfusion(), FastingBeforeInfusion(), NoContraindication(),
        ConsentBeforeIV(), ConsentSignature(),
        DoseWithinPlan(), DispensingNamed(), VialAccounted(), LeftoverWasted(), InventoryTakenInTime(), LossReported(),
        RecoveryScoreBeforeDischarge(), OrderBeforeDischarge(), DriverBeforeDischarge(), InstructionsAtDischarge(), RecoveryTime(),
        FitForDischarge(),
        LogIntegrity(), CorrectionsAttributed(), EnteredInTime(), ReadsByPersonalAccounts(), BreakGlassReview(), DisclosuresAccounted(),
        Retention(),
    ]

    public static func rule(_ id: String) -> (any Rule)? { rules.first { $0.id == id } }
}

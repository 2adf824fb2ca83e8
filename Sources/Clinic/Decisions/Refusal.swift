/// Why a proposal can't be recorded. One sentence for people, a code for programs, and no clinical values.
public struct Refusal: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// A field or a reference is wrong.
        case invalid
        /// A safety gate fails, and no valid override names it.
        case gate(Gate)
        /// The state of the stream doesn't allow it (now).
        case conflict
        /// The actor, or somebody the data names, may not do this.
        case forbidden
        /// The stream doesn't exist.
        case notFound
    }

    public let kind: Kind
    /// Stable: programs may depend on it. Listed in ``codes``.
    public let code: String
    /// What is wrong, where, and what to do.
    public let message: String
    /// Pointers into the request. Empty where no single field is to blame.
    public let problems: [Problem]

    public init(kind: Kind, code: String, message: String, problems: [Problem] = []) {
        self.kind = kind
        self.code = code
        self.message = message
        self.problems = problems
    }

    /// The HTTP status that says the same.
    public var status: Int {
        switch kind {
        case .invalid, .gate: 422
        case .conflict: 409
        case .forbidden: 403
        case .notFound: 404
        }
    }

    /// Every code that `decide` can answer with, beside `gate-` and the name of a gate with hyphens: `gate-consent`.
    public static let codes: Set<String> = [
        "actor-not-enrolled", "already-arrived", "already-booked", "already-cancelled", "already-discharged", "already-received",
        "already-registered", "already-resolved", "already-reviewed", "amendment-changes-patient", "breaks-later-dose",
        "charted-in-the-future", "clinic-not-founded", "digest-mismatch", "dose-out-of-bounds", "effect-mismatch", "erased", "erasure-only",
        "form-exists",
        "infusion-later", "infusion-running", "invalid-actor", "invalid-data", "iv-already-in", "last-administrator", "no-events",
        "no-infusion-running", "no-iv-in", "not-a-prescriber", "not-arrived", "not-registered", "occurred-in-the-future",
        "override-needs-prescriber", "override-reason", "override-unknown-gate", "own-invocation", "patient-mismatch", "plan-exists",
        "policy-exists", "role-not-allowed", "session-cancelled", "signature-missing", "signed-in-the-future", "stale-rate",
        "taken-in-the-future",
        "target-is-voiding", "target-voided", "unknown-form", "unknown-invocation", "unknown-observation", "unknown-patient",
        "unknown-plan", "unknown-session", "unknown-staff", "unknown-target", "unknown-version", "unknown-vial", "vial-exceeded",
        "witness-is-author", "wrong-stream",
    ]
}

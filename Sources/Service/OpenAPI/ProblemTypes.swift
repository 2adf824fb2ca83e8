import Clinic

/// Every `type` of problem details that the service answers with. Programs depend on them: they are added to, and never renamed.
enum ProblemTypes {
    static let prefix = "urn:dripline:problem:"

    /// What a decision says, and the gates.
    static let refusals = Refusal.codes.union(Gate.allCases.map { "gate-" + $0.rawValue.replacing("_", with: "-") })

    static let all = refusals.union(own).union(https)

    /// What the service says itself.
    static let own: Set<String> = [
        "access-log-unavailable", "account-exists", "accounts-unavailable", "behind", "body-too-large", "cross-site", "busy",
        "command-reused", "contended",
        "database-unreachable", "emergency-only", "headers-too-large", "internal", "invalid-json",
        "invalid-name",
        "invalid-parameter", "invalid-request", "method-not-allowed", "no-proof", "not-allowed", "not-enrolled", "not-in-care", "not-ready",
        "not-signed-in",
        "people-only", "setup-link", "sign-in-failed", "signature-refused", "stated-by-the-service",
        "too-many-attempts", "unknown-account", "weak-password", "not-for-this-address", "not-found",
        "overloaded", "stopping", "timed-out", "too-many-requests", "too-many-streams", "unknown-clinic", "unknown-log", "unknown-part",
        "unknown-position", "unknown-report", "unknown-tile", "version-conflict",
    ]

    /// What the server below says of a request that it cannot take, by its status.
    static let https: Set<String> = [
        "http-400", "http-408", "http-411", "http-413", "http-414", "http-417", "http-431", "http-500", "http-501", "http-503",
    ]
}

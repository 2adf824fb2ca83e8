public import Clinic
public import Ledger

/// Why a request was not recorded. Says what, where and what to do, and no clinical values.
public enum RecordingError: Error, Sendable {
    /// The request is ill-formed: every problem with its pointer.
    case invalid(ValidationError)
    /// The clinic's name, or the actor's handle, is not one.
    case badName(String)
    /// The state of the record does not allow it.
    case refused(Refusal)
    /// The stream is not at the version that the request expects.
    case versionConflict(stream: String, expected: Int64, actual: Int64)
    /// Others kept changing what the decision depends on.
    case contended(attempts: Int)
    /// The command's id was used before with other content.
    case commandReused
    case ledger(LedgerError)

    /// The HTTP status that says the same.
    public var status: Int {
        switch self {
        case .invalid, .badName: 422
        case .refused(let refusal): refusal.status
        case .versionConflict, .contended, .commandReused: 409
        case .ledger(.busy), .ledger(.unreachable): 503
        case .ledger(.unknownLog): 404
        case .ledger: 500
        }
    }

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .invalid: "invalid-request"
        case .badName: "invalid-name"
        case .refused(let refusal): refusal.code
        case .versionConflict: "version-conflict"
        case .contended: "contended"
        case .commandReused: "command-reused"
        case .ledger(.busy): "busy"
        case .ledger(.unreachable): "database-unreachable"
        case .ledger(.unknownLog): "unknown-clinic"
        case .ledger: "internal"
        }
    }

    /// One sentence for people.
    public var message: String {
        switch self {
        case .invalid(let error):
            error.problems.count == 1 ? error.problems[0].message : "\(error.problems.count) fields are wrong; see errors"
        case .badName(let what): what
        case .refused(let refusal): refusal.message
        case .versionConflict(let stream, let expected, let actual):
            "\(stream) is at version \(actual), not \(expected): read it again and decide anew"
        case .contended(let attempts):
            "others changed the same streams \(attempts) times meanwhile; nothing was recorded: send it again"
        case .commandReused: "this command id was used before with other content: choose a new one"
        case .ledger(let error): error.description
        }
    }

    /// The gate that fails, where it is one.
    public var gate: Gate? {
        guard case .refused(let refusal) = self, case .gate(let gate) = refusal.kind else { return nil }
        return gate
    }

    /// Pointers into the request, with what is wrong there.
    public var problems: [Problem] {
        switch self {
        case .invalid(let error): error.problems
        case .refused(let refusal): refusal.problems
        case .versionConflict: [Problem(pointer: "/expected_version", message: message)]
        case .commandReused: [Problem(pointer: "/command", message: message)]
        default: []
        }
    }
}

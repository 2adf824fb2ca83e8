public import Postgres

/// Why the log could not do what it was asked. None carries clinical content.
public enum LedgerError: Error, Sendable, CustomStringConvertible {
    /// Too many appends wait for this clinic; nothing was queued. Try again shortly.
    case busy(LogName, waiting: Int)
    /// The call to append was not well formed: a fault of this program, or a name that the log does not allow.
    case malformed(String)
    /// The server could not be reached, or went away, and did not come back in time. Whether the commands were written
    /// is unknown: sending them again with the same ids is safe and tells.
    case unreachable(String)
    /// This log has no event.
    case unknownLog(LogName)
    /// The database refused: privileges, disk, a limit.
    case database(PostgresError)

    public var description: String {
        switch self {
        case .busy(let log, let waiting): "The log \(log) is busy: \(waiting) appends wait already. Try again in a moment."
        case .malformed(let what): "The log refused the append: \(what)"
        case .unreachable(let what):
            "The database cannot be reached (\(what)). Whether the last command was written is unknown: send it again with the same id."
        case .unknownLog(let log): "There is no log \(log): nothing was ever recorded for this clinic."
        case .database(let error): "The database refused: \(error)"
        }
    }

    /// The log's own SQLSTATEs are told apart from the server's here, and nowhere else.
    init(_ error: PostgresError) {
        switch error.sqlState {
        case AppendState.malformed: self = .malformed(error.message)
        default: self = error.isConnectionFailure || error.resultUnknown ? .unreachable(error.message) : .database(error)
        }
    }
}

/// The SQLSTATEs of `dripline.append` and `dripline.append_many`.
enum AppendState {
    static let taken = "00000"
    static let repeated = "DL000"
    static let conflict = "DL001"
    static let reused = "DL002"
    static let malformed = "DL003"
    /// Of `append_many`: nothing was written, some of the commands need judging.
    static let unjudged = "DL004"
}

/// An error that the server reported, or the loss of the connection to it.
///
/// `message` is the primary message only, with quoted values taken out where the server quotes them. DETAIL, HINT, CONTEXT and query text can
/// hold what patients told us; they are in `sensitiveDetail` and nowhere else.
public struct PostgresError: Error, Sendable, Hashable {
    public enum Severity: String, Sendable {
        case warning = "WARNING"
        case error = "ERROR"
        case fatal = "FATAL"
        case panic = "PANIC"
    }

    /// Five characters, see PostgreSQL's appendix A. Losses of the connection that we noticed ourselves have class 08.
    public var sqlState: String
    public var severity: Severity
    public var message: String
    public var schema: String?
    public var table: String?
    public var column: String?
    public var constraint: String?
    /// The statement may have taken effect although it failed: find out before you repeat it. True when the connection went away while a COMMIT
    /// (or a statement that commits by itself) was under way, or when waiting for a synchronous standby was cut short.
    public var resultUnknown: Bool
    /// May hold protected health information: for a person who debugs, never for a log.
    public var sensitiveDetail: String?

    public init(
        sqlState: String, severity: Severity = .error, message: String, schema: String? = nil, table: String? = nil,
        column: String? = nil, constraint: String? = nil, resultUnknown: Bool = false, sensitiveDetail: String? = nil
    ) {
        self.sqlState = sqlState
        self.severity = severity
        self.message = message
        self.schema = schema
        self.table = table
        self.column = column
        self.constraint = constraint
        self.resultUnknown = resultUnknown
        self.sensitiveDetail = sensitiveDetail
    }

    /// The server can't be reached, went away or is starting or stopping: another connection may work.
    public var isConnectionFailure: Bool {
        sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || severity == .fatal || severity == .panic
    }

    /// Running the whole transaction again may succeed: serialization failure, deadlock, a stale prepared statement.
    /// False where the result is unknown.
    public var isRetryable: Bool {
        !resultUnknown && (["40001", "40P01", "55P03"].contains(sqlState) || isStaleStatement)
    }

    public var isConstraintViolation: Bool { sqlState.hasPrefix("23") }
    public var isUniqueViolation: Bool { sqlState == "23505" }
    /// Stopped by a cancel request or by the statement time limit.
    public var isCancelled: Bool { sqlState == "57014" }

    /// The server does not know the prepared statement any more, or its result has another shape than when it was prepared.
    var isStaleStatement: Bool {
        sqlState == "26000" || (sqlState == "0A000" && message == "cached plan must not change result type")
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        var text = "\(message) (SQLSTATE \(sqlState)"
        if let constraint { text += ", constraint \(constraint)" }
        if let table { text += ", table \(table)" }
        if let column { text += ", column \(column)" }
        if resultUnknown { text += ", result unknown" }
        return text + ")"
    }

    public var debugDescription: String { description }

    /// `dump` and string interpolation of structures that hold this error must not show the detail either.
    public var customMirror: Mirror {
        Mirror(self, children: ["description": description])
    }
}

import Logging

/// How a transaction is begun.
public struct TransactionOptions: Sendable, Hashable {
    public enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    public var isolation: Isolation
    public var readOnly: Bool
    /// Only with `serializable` and `readOnly`: waits for a snapshot that can't fail.
    public var deferrable: Bool

    public init(isolation: Isolation = .readCommitted, readOnly: Bool = false, deferrable: Bool = false) {
        self.isolation = isolation
        self.readOnly = readOnly
        self.deferrable = deferrable
    }

    var statement: String {
        "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(readOnly ? "READ ONLY" : "READ WRITE")\(deferrable ? " DEFERRABLE" : "")"
    }
}

extension Connection {
    /// Runs `body` between BEGIN and COMMIT; a throw rolls back. The body may run a second time when a prepared statement turned out to be stale (the
    /// schema changed meanwhile), so it should do nothing but talk to the database. A COMMIT is never cancelled; when the connection is lost
    /// during it, the error says `resultUnknown`.
    public func transaction<T: Sendable>(
        _ options: TransactionOptions = .init(), _ body: @Sendable (isolated Connection) throws -> T
    ) throws -> T {
        do {
            return try attempt(options, body)
        } catch let error as PostgresError where error.isStaleStatement {
            return try attempt(options, body)
        }
    }

    private func attempt<T: Sendable>(_ options: TransactionOptions, _ body: @Sendable (isolated Connection) throws -> T) throws -> T {
        try Task.checkCancellation()
        let link = try usable()
        guard link.transactionState == .idle else {
            throw PostgresError(sqlState: "25001", message: "a transaction is open already; transactions don't nest")
        }
        _ = try control(link, options.statement)
        let value: T
        do {
            value = try body(self)
            try Task.checkCancellation()
        } catch {
            if !link.isLost, link.transactionState != .idle {
                do { _ = try control(link, "ROLLBACK") } catch { _ = link.lose("a transaction could not be rolled back") }
            }
            throw error
        }
        let tag = try control(usable(), "COMMIT", mayCommit: true)
        guard tag == "COMMIT" else {
            throw PostgresError(
                sqlState: "25P02",
                message: "the transaction was rolled back: one of its statements had failed and the error was not passed on")
        }
        return value
    }

    /// For a connection that comes back to a pool: rolls back what was left open. False when it can't be used again.
    func resetTransaction() -> Bool {
        guard let link, !link.isLost, !interrupt.isClosing else { return false }
        link.noteStatus()
        guard link.transactionState != .idle else { return !link.isLost }
        logger.warning("a transaction was left open; it is rolled back")
        return (try? control(link, "ROLLBACK")) != nil && link.transactionState == .idle
    }
}

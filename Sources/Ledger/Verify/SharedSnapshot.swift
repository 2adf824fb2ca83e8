import Logging
import Postgres

/// One moment of the database, which several connections read at once.
struct SharedSnapshot: Sendable {
    /// As the transaction that exported it names it; it can be shared until that ends.
    let name: String
    let settings: ConnectionSettings
    let logger: Logger

    /// For the transactions: no time limit; the sorted order of the log by its index, never compiled.
    static let limits = "SET LOCAL statement_timeout = 0; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"

    /// Another connection that reads at this moment, to be closed by the caller.
    func connect() async throws -> Connection {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            try await connection.script(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '\(name)'; \(Self.limits)")
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }
}

extension Connection {
    /// Runs `body` in one snapshot of the database, which other connections may share by its name.
    func snapshot<T: Sendable>(_ body: @Sendable (String) async throws -> T) async throws -> T {
        try script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \(SharedSnapshot.limits)")
        do {
            let name = try query("SELECT pg_export_snapshot()").only().decode(String.self)
            let value = try await body(name)
            try script("COMMIT")
            return value
        } catch {
            try? script("ROLLBACK")
            throw error
        }
    }
}

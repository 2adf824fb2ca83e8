import Ledger
import Postgres
import TestSupport

/// A transaction that holds a log's head row: appends to it wait until `release`.
struct HeldLog {
    private let connection: Connection

    init(_ log: LogName) async throws {
        connection = try await TestDatabase.current.connect()
        try await connection.script(
            "BEGIN; SELECT 1 FROM dripline.logs WHERE clinic = '\(log.clinic)' AND log = '\(log.kind.rawValue)' FOR UPDATE")
    }

    /// Returns when so many appends wait for the row, and gives the server processes that do.
    @discardableResult
    func waitForWaiting(_ count: Int) async throws -> [Int32] {
        while true {
            let waiting = try await connection.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%dripline.append%'"
            ).map { try $0.decode(Int32.self) }
            if waiting.count >= count { return waiting }
            // pg_stat_activity is a snapshot of the transaction's first look.
            try await connection.script("SELECT pg_stat_clear_snapshot()")
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func execute(_ sql: String, _ parameters: [(any SQLValue)?] = []) async throws { try await connection.execute(sql, parameters) }

    func release() async throws {
        try await connection.script("COMMIT")
        await connection.close()
    }
}

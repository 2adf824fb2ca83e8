import Ledger
import Postgres
import TestSupport

/// A transaction that holds a log's head row: appends to it wait until `release`.
struct HeldLog: Sendable {
    private let connection: Connection

    init(_ log: LogName) async throws {
        connection = try await TestDatabase.current.connect()
        try await connection.script(
            "BEGIN; SELECT 1 FROM dripline.logs WHERE clinic = '\(log.clinic)' AND log = '\(log.kind.rawValue)' FOR UPDATE")
    }

    /// Returns when an append waits for the row.
    func waitForWaiting() async throws {
        let sql = """
            SELECT FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%dripline.append%'
            """
        while try await connection.query(sql).isEmpty {
            // pg_stat_activity is a snapshot of the transaction's first look.
            try await connection.script("SELECT pg_stat_clear_snapshot()")
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func release() async throws {
        try await connection.script("COMMIT")
        await connection.close()
    }
}

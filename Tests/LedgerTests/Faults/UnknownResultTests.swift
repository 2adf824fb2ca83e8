import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

/// After the commit record is written and before the client is told: waiting for a synchronous standby that never comes holds a commit
/// exactly there. Cut short, the append has happened, and the answer says otherwise or nothing at all.
@Suite struct UnknownResultTests {
    @Test(.timeLimit(.minutes(2)), arguments: ["pg_terminate_backend", "pg_cancel_backend"])
    func isResolvedByTheCommandsID(_ cut: String) async throws {
        try await withOwnServer { server in
            let log = LogName.test()
            // The administrator's own commits wait for nobody.
            let settings = try await server.start()
            let admin = settings.setting(option: "synchronous_commit", to: "local")
            try await withLedger(settings) { ledger async throws in
                _ = try await ledger.append([.vitals(session(1))], to: log)
                try await withConnection(admin) { connection async throws in
                    try await Self.standby("nobody", connection)
                    try await Self.waitUntilCommitsWait(settings, connection)
                    let command = AppendCommand.vitals(session(1))
                    let append = Task { try await ledger.append([command], to: log)[0] }
                    let first = try await Self.waiting(connection)
                    _ = try await connection.query("SELECT \(cut)($1)", [first])
                    // The ledger asks again with the same id, which also waits; then the standby is given up.
                    if cut == "pg_terminate_backend" { _ = try await Self.waiting(connection, not: first) }
                    try await Self.standby("", connection)
                    guard case .repeated(let receipts) = try await append.value else { throw Unexpected("not known as repeated") }
                    #expect(receipts.map(\.position) == [2])
                }
                #expect(try await ledger.head(of: log).size == 2)
                #expect(try await ledger.verify(log).isIntact)
            }
        }
    }

    private static func standby(_ name: String, _ connection: Connection) async throws {
        try await connection.script("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
        _ = try await connection.query("SELECT pg_reload_conf()")
        while try await connection.query("SELECT 1 FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting = $1", [name])
            .isEmpty
        {}
    }

    /// The server takes the new setting in at its leisure: commits until one of them waits, and lets that one go.
    private static func waitUntilCommitsWait(_ settings: ConnectionSettings, _ connection: Connection) async throws {
        let probe = try await Connection.connect(settings, logger: .silent)
        let probing = Task {
            while true { try await probe.query("SELECT pg_logical_emit_message(true, 'probe', '')") }
        }
        _ = try await connection.query("SELECT pg_cancel_backend($1)", [try await waiting(connection)])
        let error = await #expect(throws: PostgresError.self) { try await probing.value }
        #expect(error?.resultUnknown == true)
        await probe.close()
    }

    /// The server process that waits for the standby.
    private static func waiting(_ connection: Connection, not other: Int32 = 0) async throws -> Int32 {
        while true {
            let rows = try await connection.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid <> $1", [other])
            if let row = rows.first { return try row.decode(Int32.self) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

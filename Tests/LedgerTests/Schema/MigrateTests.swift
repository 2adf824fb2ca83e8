import Ledger
import Logging
import Postgres
import Schema
import TestSupport
import Testing

@Suite struct MigrateTests {
    @Test(.ledger) func migratingAgainChangesNothing() async throws {
        try await withLedger { ledger in _ = try await ledger.append([.full()], to: .test()) }
        try await withSuperuser { connection async throws in
            let before = try await StoredLog(connection)
            #expect(try await Schema.migrate(connection) == Schema.version)
            #expect(try await StoredLog(connection) == before)
            #expect(try await Schema.installedVersion(connection) == Schema.version)
        }
        try await withLedger { ledger async throws in
            #expect(try await ledger.append([.vitals(session(1))], to: .test())[0].receipts?.map(\.position) == [3])
        }
    }

    /// Several processes start at once on a fresh server: one makes it, the others find it made.
    @Test func severalAtOnceAgree() async throws {
        try await TemporaryDirectory.with("dripline-schema") { directory in
            let server = try await PostgresServer.start(
                dataDirectory: directory, configuration: ServerConfiguration(durable: false), logger: .silent)
            try await withConnection(server.settings()) { connection in
                for name in ["one", "two"] { _ = try await connection.execute("CREATE DATABASE \(name)") }
            }
            let found = try await withThrowingTaskGroup(of: Int.self) { group in
                for database in ["one", "two", "one", "two", "one", "two"] {
                    group.addTask {
                        try await withConnection(server.settings(database: database)) { try await Schema.migrate($0) }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(found.sorted() == [0, 0] + Array(repeating: Schema.version, count: 4))
            for database in ["one", "two"] {
                try await withLedger(server.settings(database: database)) { ledger in
                    _ = try await ledger.append([.full()], to: .test())
                    #expect(try await ledger.verify(.test()).isIntact)
                }
            }
            try await server.stop()
        }
    }

    @Test(.ledger) func aNewerSchemaIsLeftAlone() async throws {
        try await withSuperuser { connection in
            _ = try await connection.execute("INSERT INTO dripline.schema_version (version) VALUES (99)")
            await #expect(throws: SchemaError.self) { try await Schema.migrate(connection) }
        }
    }
}

import Canonical
import Foundation
import Ledger
import Postgres
import Schema
import TestSupport
import Testing

/// A database that an older Dripline made, with events in it, is brought to this program's schema; the log stays what it was.
@Suite struct UpdateTests {
    /// What version 1 ran on an empty database, frozen.
    private static let versionOne = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "schema-v1.sql")

    /// A call of version 1's `dripline.append`: two events, one with all there is to an event.
    private static let oldCall = """
        WITH given AS (
            SELECT $1::uuid AS command, sha256('salt') AS salt, '{"text":"Resting."}' AS note, '{"weight_kg":70}' AS arrival, 'on paper' AS reason
        )
        SELECT a.outcome FROM given g CROSS JOIN LATERAL dripline.append(
            'hickory', 'record', ARRAY[g.command], '{dr.a}', '{2026-11-22T15:40:00Z}', '{1}', ARRAY[$4::text], '{0}', '{1,1}',
            ARRAY[$2::uuid, $3::uuid], ARRAY[$4, $4], '{PatientArrived,NoteRecorded}', '{2026-11-22T15:30:00Z,2026-11-22T15:31:00Z}',
            ARRAY[$5::text, NULL], '{consent,NULL}', ARRAY[g.reason, NULL], ARRAY[$6::bytea, NULL], ARRAY[g.salt, g.salt],
            ARRAY[g.arrival, g.note], ARRAY[$7::bytea, $8::bytea]) a
        """

    private func appendAsVersionOne(_ connection: isolated Connection, _ command: UUID) throws {
        let salt = try connection.query("SELECT sha256('salt')").first?.decode([UInt8].self) ?? []
        let ids = (0...1).map { UUID.v5(namespace: command, name: String($0)) }
        let outcomes = try connection.query(
            Self.oldCall,
            [
                command, ids[0], ids[1], session(1), patient(1), Digest.keyed("on paper", salt: salt),
                Digest.keyed(#"{"weight_kg":70}"#, salt: salt), Digest.keyed(#"{"text":"Resting."}"#, salt: salt),
            ])
        #expect(try outcomes.map { try $0.decode(String.self) } == ["00000", "00000"])
    }

    @Test(.database) func aDatabaseOfVersionOneIsBroughtUp() async throws {
        let old = try String(contentsOf: Self.versionOne, encoding: .utf8)
        let commands = (0..<3).map { _ in UUID() }
        try await withSuperuser { connection async throws in
            try await connection.script(old)
            for command in commands.prefix(1) { try await appendAsVersionOne(connection, command) }
            #expect(try await Schema.installedVersion(connection) == 1)
            let before = try await entries(connection)
            #expect(try await Schema.migrate(connection) == 1)
            #expect(try await Schema.installedVersion(connection) == Schema.version)
            #expect(try await entries(connection) == before)
            #expect(try await Schema.migrate(connection) == Schema.version)
        }
        let service = TestDatabase.current.settings.setting(role: "dripline_service")
        try await withLedger(service) { ledger async throws in
            #expect(try await ledger.verify(.test()).isIntact)
            #expect(try await ledger.allEvents(of: .test()).map(\.v) == [1, 1])
            // Appending goes on, a repeat of what the old program took is known.
            var later = AppendCommand.vitals(session(1))
            later.events[0].v = 2
            #expect(try await ledger.append([later], to: .test())[0].receipts?.map(\.position) == [3])
            #expect(try await ledger.allEvents(of: .test()).map(\.v) == [1, 1, 2])
            #expect(try await ledger.verify(.test()).isIntact)
            let first = AppendCommand(
                id: commands[0], actor: "dr.a", chartedAt: .sample(600),
                events: [
                    NewEvent(
                        stream: session(1), type: "PatientArrived", occurredAt: .sample(), subject: patient(1),
                        override: .init(gate: "consent", reason: "on paper"), payload: #"{"weight_kg":70}"#),
                    NewEvent(stream: session(1), type: "NoteRecorded", occurredAt: .sample(60), payload: #"{"text":"Resting."}"#),
                ])
            guard case .repeated(let receipts) = try await ledger.append([first], to: .test())[0] else {
                Issue.record("the command of the old program is taken again")
                return
            }
            #expect(receipts.map(\.position) == [1, 2])
        }
    }

    /// Column by column, function by function: nothing tells afterwards which version a database began with.
    @Test(.database) func itEndsAsAFreshOne() async throws {
        try await withSuperuser { connection async throws in
            try await connection.script(try String(contentsOf: Self.versionOne, encoding: .utf8))
            try await Schema.migrate(connection)
            let updated = try await shape(connection)
            try await connection.script("SET dripline.migration = on; DROP SCHEMA dripline CASCADE; RESET dripline.migration")
            try await Schema.migrate(connection)
            #expect(try await shape(connection) == updated)
        }
    }

    private func entries(_ connection: isolated Connection) throws -> [String] {
        try connection.query("SELECT entry || encode(leaf, 'hex') || payload::text FROM dripline.events ORDER BY log_id, position").map {
            try $0.decode(String.self)
        }
    }

    private func shape(_ connection: isolated Connection) throws -> [String] {
        try connection.query(
            """
            SELECT concat_ws(' ', table_name, column_name, ordinal_position, data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'dripline'
            UNION ALL SELECT p.oid::regprocedure::text || ' ' || p.proowner::regrole || ' ' || coalesce(p.proacl::text, '') || md5(p.prosrc)
            FROM pg_proc p WHERE p.pronamespace = 'dripline'::regnamespace
            UNION ALL SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'dripline'::regnamespace
            UNION ALL SELECT tgrelid::regclass::text || ' ' || tgname || tgenabled::text FROM pg_trigger
            WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'dripline.%' ORDER BY 1
            """
        ).map { try $0.decode(String.self) }
    }
}

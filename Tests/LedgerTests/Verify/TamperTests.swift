import Ledger
import Postgres
import TestSupport
import Testing

/// A superuser with the triggers switched off alters the log; `verify` must find it, at the right place.
@Suite(.ledger) struct TamperTests {
    struct Tampering: Sendable {
        let name: String
        let sql: String
        /// The first position that the findings name.
        let position: Int64

        init(_ name: String, at position: Int64, _ sql: String) {
            (self.name, self.position, self.sql) = (name, position, sql)
        }

        /// A column of event 5 is given another value.
        static func column(_ column: String, _ value: String) -> Tampering {
            Tampering("\(column) to \(value)", at: 5, "UPDATE dripline.events SET \(column) = \(value) WHERE position = 5")
        }
    }

    static let columns: [Tampering] = [
        .column("payload", #"'{"heart_rate":73,"phase":"infusion"}'"#),
        .column("payload", "(payload::text || ' ')::json"),
        .column("salt", "set_byte(salt, 0, get_byte(salt, 0) # 1)"),
        .column("payload_digest", "set_byte(payload_digest, 31, get_byte(payload_digest, 31) # 1)"),
        .column("entry", "replace(entry, 'nurse.b', 'nurse.c')"),
        .column("entry", "entry || ' '"),
        .column("leaf", "set_byte(leaf, 0, get_byte(leaf, 0) # 128)"),
        .column("version", "version + 10"),
        .column("occurred_at", "occurred_at + interval '1 microsecond'"),
        .column("occurred_at", "'infinity'"),
        .column("occurred_at", "'-infinity'"),
        .column("occurred_at", "'4000-01-01 BC'"),
        .column("recorded_at", "recorded_at + interval '1 microsecond'"),
        .column("recorded_at", "'-infinity'"),
        .column("charted_at", "now()"),
        .column("charted_at", "'infinity'"),
        .column("event", "gen_random_uuid()"),
        .column("command", "gen_random_uuid()"),
        .column("stream", "'clinic'"),
        .column("type", "'SideEffectObserved'"),
        .column("actor", "'nurse.c'"),
        .column("actor", #"E'nurse.b","x":"\n'"#),
        .column("subject", "'patient/00000000-0000-7000-8000-000000000001'"),
        .column("override_reason", "'because'"),
        .column("(override_gate, override_digest)", "('dose', salt)"),
        .column(
            "(entry, leaf)",
            "(replace(entry, 'nurse.b', 'nurse.c'), sha256('\\x00' || convert_to(replace(entry, 'nurse.b', 'nurse.c'), 'UTF8')))"),
        // One text to Unicode, in other bytes.
        .column(
            "(actor, entry, leaf)",
            """
            (U&'nurse.\\00E9', replace(entry, 'nurse.b', U&'nurse.e\\0301'), \
            sha256('\\x00' || convert_to(replace(entry, 'nurse.b', U&'nurse.e\\0301'), 'UTF8')))
            """),
        // Column and entry agree, and the entry is no JSON.
        .column(
            "(actor, entry, leaf)",
            """
            (E'nurse.\\n', replace(entry, 'nurse.b', E'nurse.\\n'), sha256('\\x00' || convert_to(replace(entry, 'nurse.b', E'nurse.\\n'), 'UTF8')))
            """),
    ]

    /// Event 1 has an override.
    static let overrides: [Tampering] = [
        Tampering("override_gate", at: 1, "UPDATE dripline.events SET override_gate = 'dose' WHERE override_gate IS NOT NULL"),
        Tampering("override_reason", at: 1, "UPDATE dripline.events SET override_reason = 'another' WHERE override_gate IS NOT NULL"),
        Tampering("override_reason lost", at: 1, "UPDATE dripline.events SET override_reason = NULL WHERE override_gate IS NOT NULL"),
        Tampering("override_digest", at: 1, "UPDATE dripline.events SET override_digest = sha256('') WHERE override_gate IS NOT NULL"),
        Tampering(
            "no override", at: 1,
            "UPDATE dripline.events SET override_gate = NULL, override_reason = NULL, override_digest = NULL WHERE override_gate IS NOT NULL"
        ),
        Tampering("subject lost", at: 1, "UPDATE dripline.events SET subject = NULL WHERE override_gate IS NOT NULL"),
        Tampering("charted_at lost", at: 1, "UPDATE dripline.events SET charted_at = NULL WHERE override_gate IS NOT NULL"),
        Tampering(
            "a reason that outlives its salt", at: 1,
            "UPDATE dripline.events SET payload = NULL, salt = NULL, override_reason = 'another' WHERE override_gate IS NOT NULL"),
    ]

    static let order: [Tampering] = [
        Tampering(
            "two swapped", at: 4,
            """
            UPDATE dripline.events SET position = 1000 WHERE position = 4; UPDATE dripline.events SET position = 4 WHERE position = 5;
            UPDATE dripline.events SET position = 5 WHERE position = 1000
            """),
        Tampering("one moved far", at: 5, "UPDATE dripline.events SET position = 100 WHERE position = 5"),
        Tampering("one deleted in the middle", at: 4, "DELETE FROM dripline.events WHERE position = 4"),
        Tampering(
            "one deleted in the middle with its command", at: 8,
            "DELETE FROM dripline.commands WHERE first_position = 8; DELETE FROM dripline.events WHERE position = 8"),
        Tampering("the first deleted", at: 1, "DELETE FROM dripline.events WHERE position = 1"),
        Tampering("the tail cut", at: 9, "DELETE FROM dripline.events WHERE position >= 9"),
        Tampering(
            "the tail cut with its commands", at: 8,
            "DELETE FROM dripline.events WHERE position >= 8; DELETE FROM dripline.commands WHERE first_position >= 8"),
        Tampering(
            "the tail cut with its head", at: 9,
            """
            DELETE FROM dripline.events WHERE position >= 9;
            UPDATE dripline.logs SET size = 8, recorded_at = (SELECT recorded_at FROM dripline.events WHERE position = 8)
            """),
        Tampering("all gone", at: 1, "DELETE FROM dripline.events"),
        Tampering(
            "one put in at the end", at: 11,
            """
            INSERT INTO dripline.events SELECT log_id, 11, version + 1, occurred_at, recorded_at, charted_at, event, command, stream, type, actor,
                subject, override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry
            FROM dripline.events WHERE position = 10
            """),
        Tampering(
            "moved to another log", at: 6,
            "UPDATE dripline.events SET log_id = (SELECT log_id FROM dripline.logs WHERE log = 'access'), version = 99 WHERE position = 6"),
    ]

    static let registers: [Tampering] = [
        Tampering("a command unregistered", at: 4, "DELETE FROM dripline.commands WHERE first_position = 4"),
        Tampering("a command registered elsewhere", at: 4, "UPDATE dripline.commands SET first_position = 5 WHERE first_position = 4"),
        Tampering("a command of fewer events", at: 5, "UPDATE dripline.commands SET events = 1 WHERE first_position = 4"),
        Tampering("a command of more events", at: 7, "UPDATE dripline.commands SET events = 9 WHERE first_position = 4"),
        Tampering(
            "two commands registered in each other's place", at: 1,
            "UPDATE dripline.commands SET first_position = 4 - first_position WHERE first_position IN (1, 3) AND log_id = 1"),
        Tampering("all commands unregistered", at: 1, "DELETE FROM dripline.commands"),
        Tampering(
            "a command that never was", at: 7,
            "INSERT INTO dripline.commands SELECT log_id, gen_random_uuid(), 7, 1 FROM dripline.logs WHERE log = 'record'"),
        Tampering(
            "a command of the future", at: 11,
            "INSERT INTO dripline.commands SELECT log_id, gen_random_uuid(), 11, 1 FROM dripline.logs WHERE log = 'record'"),
        Tampering("a head that is too long", at: 11, "UPDATE dripline.logs SET size = 12 WHERE log = 'record'"),
        Tampering("a head that is too short", at: 10, "UPDATE dripline.logs SET size = 9 WHERE log = 'record'"),
        Tampering(
            "a head of another time", at: 0,
            "UPDATE dripline.logs SET recorded_at = recorded_at + interval '1 s' WHERE log = 'record'"),
        Tampering("a head of no time", at: 0, "UPDATE dripline.logs SET recorded_at = '-infinity' WHERE log = 'record'"),
    ]

    /// Ten events in commands of 2, 1, 3, 1, 1, 2; the access log has two.
    private static func fill(_ ledger: Ledger) async throws {
        _ = try await ledger.append([.full(), .vitals(session(2))], to: .test())
        _ = try await ledger.append([.vitals(session(1), session(2), session(1)), .vitals(patient(3)), .vitals(session(2))], to: .test())
        _ = try await ledger.append([.vitals(session(4), session(4))], to: .test())
        _ = try await ledger.append([.vitals(patient(1), patient(1))], to: .test("hickory", .access))
    }

    @Test(arguments: ["columns", "overrides", "order", "registers"])
    func isFoundAtItsPlace(_ group: String) async throws {
        let all = ["columns": Self.columns, "overrides": Self.overrides, "order": Self.order, "registers": Self.registers]
        try await withLedger { ledger async throws in
            try await Self.fill(ledger)
            #expect(try await ledger.verify(.test()).isIntact)
            for tampering in all[group] ?? [] {
                let findings = try await Self.findings(ledger, after: tampering.sql)
                let first = findings.map(\.position).min()
                #expect(first == tampering.position, "\(tampering.name): \(findings)")
            }
            // What was done was undone each time, so nothing of the findings was left over.
            #expect(try await ledger.verify(.test()).isIntact)
        }
    }

    /// Alters the log, verifies, and puts the tables back from copies.
    private static func findings(_ ledger: Ledger, after sql: String) async throws -> [Verification.Finding] {
        try await withSuperuser { connection async throws in
            let tables = ["events", "commands", "logs"].map { "dripline.\($0)" }
            func all(_ statement: (String) -> String) -> String { tables.map(statement).joined(separator: ";") }
            try await connection.script(all { "CREATE TABLE public.\($0.dropFirst(9)) AS SELECT * FROM \($0)" })
            try await connection.script(all { "ALTER TABLE \($0) DISABLE TRIGGER ALL" } + ";" + sql)
            let verification = try await ledger.verify(.test())
            #expect(verification.findingCount == verification.findings.count)
            try await connection.script(
                """
                DELETE FROM dripline.events; DELETE FROM dripline.commands; DELETE FROM dripline.logs;
                INSERT INTO dripline.logs OVERRIDING SYSTEM VALUE SELECT * FROM public.logs;
                INSERT INTO dripline.events SELECT * FROM public.events; INSERT INTO dripline.commands SELECT * FROM public.commands;
                DROP TABLE public.logs, public.events, public.commands;
                """)
            return verification.findings
        }
    }
}

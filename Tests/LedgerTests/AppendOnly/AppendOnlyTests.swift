import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// Tries every way to alter the log; each is refused, and afterwards the log is what it was, to the byte.
@Suite(.ledger) struct AppendOnlyTests {
    let log = LogName.test()

    /// Runs `body` on a log with events, and holds the log after it against the log before it.
    private func unchanged(_ body: () async throws -> Void) async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.full(), .vitals(session(2), session(1)), .vitals(session(3))], to: log)
            _ = try await ledger.append([.vitals(patient(1))], to: .test("hickory", .access))
        }
        let before = try await withSuperuser { try await StoredLog($0) }
        try await body()
        #expect(try await withSuperuser { try await StoredLog($0) } == before)
        try await withLedger { ledger async throws in
            for log in [log, .test("hickory", .access)] { #expect(try await ledger.verify(log).isIntact) }
            // And it still takes events.
            #expect(try await ledger.append([.vitals(session(1))], to: log)[0].receipts?.map(\.position) == [6])
        }
    }

    /// No privilege, or our trigger; a view of several tables can't be written at all (55000), and a role can't be assumed (42501).
    private static let refusals: Set<String> = ["42501", "DL009", "55000", "0A000"]

    @Test(arguments: Attempt.Who.allCases)
    func everyStatementIsRefused(_ who: Attempt.Who) async throws {
        try await unchanged {
            for attempt in Attempt.all where attempt.who == who {
                // A connection for each: what one leaves behind must not help or hinder the next.
                try await withConnection(who.settings) { connection async throws in
                    let error = await #expect(throws: PostgresError.self, "\(attempt.sql)") { try await connection.script(attempt.sql) }
                    let state = error?.sqlState ?? ""
                    #expect(Self.refusals.contains(state), "\(attempt.sql): \(state) \(error?.message ?? "")")
                    if who == .superuser || who == .owner { #expect(state == "DL009", "\(attempt.sql): \(error?.message ?? "")") }
                }
            }
        }
    }

    /// In a replica's role ordinary triggers sleep; these are ENABLE ALWAYS.
    @Test(arguments: [
        "UPDATE dripline.events SET type = 'A'", "DELETE FROM dripline.events", "TRUNCATE dripline.events CASCADE",
        "DELETE FROM dripline.commands", "DELETE FROM dripline.logs", "UPDATE dripline.logs SET size = 0",
    ])
    func theReplicationRoleDoesNotHelp(_ sql: String) async throws {
        try await unchanged {
            try await withSuperuser { connection async throws in
                try await connection.script("SET session_replication_role = replica")
                let error = await #expect(throws: PostgresError.self) { try await connection.script(sql) }
                #expect(error?.sqlState == "DL009")
            }
        }
    }

    /// A cascade deletes with the rights of the table's owner, and asks nobody for a privilege.
    @Test(
        arguments: ["DELETE FROM public.parent", "UPDATE public.parent SET stream = stream || 'x'", "TRUNCATE public.parent CASCADE"],
        ["CASCADE", "SET NULL"])
    func aCascadingForeignKeyIsRefused(_ sql: String, _ action: String) async throws {
        try await unchanged {
            try await withSuperuser { connection async throws in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.script(
                        """
                        CREATE TABLE public.parent (stream text PRIMARY KEY);
                        INSERT INTO public.parent SELECT DISTINCT stream FROM dripline.events;
                        ALTER TABLE dripline.events
                            ADD FOREIGN KEY (stream) REFERENCES public.parent ON DELETE \(action) ON UPDATE \(action);
                        \(sql);
                        """)
                }
                #expect(error?.sqlState == "DL009")
            }
        }
    }

    /// The names that `append` uses must not be found among what its caller made, in whatever order the caller's path stands.
    @Test(arguments: ["pg_temp, pg_catalog", "pg_temp", "public, pg_temp"])
    func anotherSearchPathDoesNotLeadItAstray(_ path: String) async throws {
        try await withLedger { _ = try await $0.append([.vitals(session(1))], to: log) }
        let settings = Attempt.Who.login.settings
        try await withConnection(settings) { connection async throws in
            try await connection.script(
                """
                CREATE TEMP TABLE events AS SELECT * FROM dripline.events;
                CREATE TEMP TABLE logs AS SELECT * FROM dripline.logs;
                CREATE TEMP TABLE commands AS SELECT * FROM dripline.commands;
                CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$;
                CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '1999-01-01Z'::timestamptz $$;
                CREATE FUNCTION pg_temp.greatest_of(timestamptz) RETURNS timestamptz LANGUAGE sql AS $$ SELECT $1 $$;
                CREATE FUNCTION pg_temp.encode(bytea, text) RETURNS text LANGUAGE plpgsql
                    AS $$ BEGIN UPDATE dripline.events SET type = 'A'; RETURN 'x'; END $$;
                CREATE FUNCTION pg_temp.same(bigint, bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
                CREATE OPERATOR pg_temp.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_temp.same);
                SET search_path = \(path);
                """)
            let command = AppendCommand.full(stream: session(2))
            try await connection.append(command, to: log)
            #expect(try await connection.query("SELECT 1 FROM pg_temp.events").count == 1)
        }
        try await withLedger { ledger async throws in
            #expect(try await ledger.verify(log).isIntact)
            #expect(try await ledger.head(of: log).size == 3)
        }
    }

    /// Settings of the caller's session must not change what an entry says.
    @Test(arguments: [
        "timezone = 'Asia/Kathmandu'", "datestyle = 'German'", "bytea_output = 'escape'", "standard_conforming_strings = off",
        "transform_null_equals = on", "lc_time = 'C'", "extra_float_digits = 0", "array_nulls = off",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_isolation = 'repeatable read'", "plan_cache_mode = 'force_custom_plan'",
        "quote_all_identifiers = on", "backslash_quote = off", "enable_indexscan = off",
    ])
    func theSettingsOfASessionDoNotShow(_ setting: String) async throws {
        try await withConnection(Attempt.Who.login.settings) { connection async throws in
            try await connection.script("SET escape_string_warning = off; SET \(setting)")
            try await connection.append(.full(), to: log)
        }
        try await withLedger { ledger async throws in
            let verification = try await ledger.verify(log)
            #expect(verification.isIntact, "\(verification.findings)")
            #expect(verification.events == 2)
        }
    }
}

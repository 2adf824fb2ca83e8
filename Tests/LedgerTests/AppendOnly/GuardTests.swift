import Ledger
import Postgres
import Schema
import TestSupport
import Testing

/// What belongs to the log is dropped and altered by a migration only, also where a superuser tries.
@Suite(.ledger) struct GuardTests {
    private static let guarded =
        "ALTER EVENT TRIGGER dripline_guard_change ENABLE ALWAYS; ALTER EVENT TRIGGER dripline_guard_drop ENABLE ALWAYS"

    static let refused = [
        "ALTER TABLE dripline.events DISABLE TRIGGER append_only", "ALTER TABLE dripline.events DISABLE TRIGGER ALL",
        "ALTER TABLE dripline.events DISABLE TRIGGER USER", "ALTER TABLE dripline.logs DISABLE TRIGGER only_forward",
        "ALTER TABLE dripline.events ENABLE TRIGGER append_only", "ALTER TABLE dripline.events ADD COLUMN x integer",
        "ALTER TABLE dripline.events DROP COLUMN salt", "ALTER TABLE dripline.events ALTER COLUMN v SET DEFAULT 2",
        "ALTER TABLE dripline.events RENAME TO others", "ALTER TABLE dripline.events RENAME COLUMN type TO kind",
        "ALTER TABLE dripline.events SET SCHEMA public", "ALTER TABLE dripline.events OWNER TO CURRENT_USER",
        "ALTER TABLE dripline.events SET UNLOGGED", "ALTER TABLE dripline.events ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE dripline.events DROP CONSTRAINT events_pkey CASCADE",
        "ALTER TABLE dripline.tiles SET (fillfactor = 50)", "ALTER INDEX dripline.events_stream RENAME TO other",
        "ALTER TRIGGER append_only ON dripline.events RENAME TO other", "ALTER SEQUENCE dripline.logs_log_id_seq RESTART",
        "DROP TRIGGER append_only ON dripline.events", "DROP TRIGGER only_forward ON dripline.logs",
        "CREATE OR REPLACE TRIGGER append_only BEFORE INSERT ON dripline.events EXECUTE FUNCTION dripline.refuse_change()",
        "CREATE TRIGGER mine BEFORE INSERT ON dripline.events EXECUTE FUNCTION dripline.refuse_change()",
        "CREATE RULE mine AS ON DELETE TO dripline.events DO INSTEAD NOTHING", "CREATE POLICY mine ON dripline.events USING (false)",
        "CREATE OR REPLACE FUNCTION dripline.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER FUNCTION dripline.append SECURITY INVOKER", "ALTER FUNCTION dripline.append RESET ALL",
        "ALTER FUNCTION dripline.append OWNER TO CURRENT_USER", "ALTER FUNCTION dripline.append SET SCHEMA public",
        "ALTER FUNCTION dripline.append RENAME TO other", "DROP FUNCTION dripline.append",
        "DROP TABLE dripline.cosignatures", "DROP TABLE dripline.events CASCADE", "DROP INDEX dripline.events_subject",
        "DROP VIEW dripline.record", "ALTER VIEW dripline.record SET (security_barrier = true)",
        "DROP SCHEMA dripline CASCADE", "ALTER FUNCTION dripline_guard.guard_log RENAME TO other", "ALTER SCHEMA dripline RENAME TO other",
        "ALTER SCHEMA dripline OWNER TO CURRENT_USER",
        "CREATE TABLE dripline.mine ()", "CREATE TABLE public.more () INHERITS (dripline.events)",
        "CREATE FUNCTION dripline.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE INDEX ON dripline.events (type)", "DO $$ BEGIN EXECUTE 'DROP TABLE dripline.tiles'; END $$",
        "SET session_replication_role = replica; ALTER TABLE dripline.events DISABLE TRIGGER ALL",
    ]

    @Test func everyChangeIsRefused() async throws {
        try await withSuperuser { connection async throws in
            try await connection.script(Self.guarded)
            for sql in Self.refused {
                try await connection.script("SET client_min_messages = error")
                let error = await #expect(throws: PostgresError.self, "\(sql)") { try await connection.script(sql) }
                #expect(error?.sqlState == "DL009", "\(sql): \(error?.message ?? "")")
                #expect(error?.message.hasPrefix("The log is append-only: ") == true)
            }
            // What is not the log's is nobody's business, and a grant is for `dripline status` to judge.
            try await connection.script(
                """
                RESET session_replication_role; CREATE TABLE public.mine (a integer); ALTER TABLE public.mine ADD COLUMN b integer;
                DROP TABLE public.mine; CREATE SCHEMA other; DROP SCHEMA other; CREATE TEMP TABLE events (a integer); DROP TABLE events;
                GRANT SELECT ON dripline.events TO dripline_sealer; COMMENT ON TABLE dripline.events IS 'The log.'
                """)
        }
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.full()], to: .test())
            #expect(try await ledger.verify(.test()).isIntact)
        }
    }

    @Test func aMigrationPassesAndPutsTheGuardBack() async throws {
        try await withSuperuser { connection async throws in
            try await connection.script(
                "SET dripline.migration = on; ALTER TABLE dripline.events DISABLE TRIGGER ALL; RESET dripline.migration")
            #expect(try await Schema.migrate(connection) == Schema.version)
            let error = await #expect(throws: PostgresError.self) {
                try await connection.script("ALTER TABLE dripline.events DISABLE TRIGGER ALL")
            }
            #expect(error?.sqlState == "DL009", "the setting ended with the migration's transaction")
            try await connection.script(
                "BEGIN; SET LOCAL dripline.migration = on; ALTER TABLE dripline.events SET (fillfactor = 90); ROLLBACK")
            #expect(try await PrivilegeAudit.findings(on: connection).map(\.object).filter { $0.contains("trigger") } == [])
        }
    }

    /// A function that runs with its owner's rights must not find its names where its caller put them. Those in plain SQL that nobody else may
    /// call are inlined into it, and read under its path.
    @Test func everySearchPathIsPinned() async throws {
        try await withSuperuser { connection async throws in
            let sql = """
                SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE (p.prosecdef OR n.nspname IN ('dripline', 'dripline_guard') AND p.proname NOT IN (
                    'entry', 'is_in_bounds', 'is_stream', 'is_well_formed'))
                AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)
                """
            #expect(try await connection.query(sql).map { try $0.decode(String.self) } == [])
        }
    }
}

import Postgres
import Schema
import TestSupport
import Testing

/// Every way to make the database looser is told by the audit of privileges.
@Suite(.ledger) struct PrivilegeAuditTests {
    private static let guarded =
        "ALTER EVENT TRIGGER dripline_guard_change ENABLE ALWAYS; ALTER EVENT TRIGGER dripline_guard_drop ENABLE ALWAYS"

    /// What is done, and what the finding begins with.
    static let loosenings: [(sql: String, finding: String)] = [
        ("ALTER ROLE dripline_owner LOGIN", "role dripline_owner: it is LOGIN"),
        ("ALTER ROLE dripline_owner SUPERUSER", "role dripline_owner: it is SUPERUSER"),
        ("ALTER ROLE dripline_service CREATEROLE", "role dripline_service: it is CREATEROLE"),
        ("ALTER ROLE dripline_reports BYPASSRLS", "role dripline_reports: it is BYPASSRLS"),
        ("ALTER ROLE dripline_sealer REPLICATION", "role dripline_sealer: it is REPLICATION"),
        ("GRANT dripline_owner TO ledger_tests_login", "login ledger_tests_login: it is a member of dripline_owner"),
        ("GRANT dripline_owner TO dripline_service", "role dripline_service: it is a member of dripline_owner"),
        ("GRANT dripline_service TO dripline_reporting", "role dripline_reporting: it is a member of dripline_service"),
        ("GRANT dripline_reports TO ledger_tests_login", "login ledger_tests_login: it is a member of dripline_reports"),
        ("GRANT dripline_sealer TO ledger_tests_login WITH ADMIN OPTION", "login ledger_tests_login: it may grant dripline_sealer"),
        ("ALTER ROLE ledger_tests_login BYPASSRLS", "login ledger_tests_login: it is BYPASSRLS"),
        ("ALTER ROLE ledger_tests_login SUPERUSER", "login ledger_tests_login: it is a superuser"),
        ("ALTER TABLE dripline.events OWNER TO dripline_service", "table dripline.events: its owner is dripline_service"),
        ("ALTER FUNCTION dripline.append OWNER TO dripline_projector", "function dripline.append: its owner is dripline_projector"),
        ("ALTER SCHEMA dripline OWNER TO dripline_service", "schema dripline: its owner is dripline_service"),
        ("GRANT UPDATE ON dripline.events TO dripline_service", "table dripline.events: dripline_service has UPDATE"),
        ("GRANT INSERT ON dripline.events TO dripline_sealer", "table dripline.events: dripline_sealer has INSERT"),
        ("GRANT SELECT ON dripline.events TO PUBLIC", "table dripline.events: PUBLIC has SELECT"),
        ("GRANT UPDATE (payload) ON dripline.events TO dripline_service", "column dripline.events.payload: dripline_service has UPDATE"),
        ("GRANT TRUNCATE ON dripline.tiles TO dripline_sealer", "table dripline.tiles: dripline_sealer has TRUNCATE"),
        ("GRANT SELECT ON dripline.events TO dripline_service WITH GRANT OPTION", "table dripline.events: dripline_service may hand"),
        ("GRANT USAGE ON SEQUENCE dripline.logs_log_id_seq TO dripline_service", "sequence dripline.logs_log_id_seq: dripline_service has"),
        ("GRANT INSERT ON dripline.reporting_clinics TO dripline_service", "table dripline.reporting_clinics: dripline_service has INSERT"),
        ("GRANT EXECUTE ON FUNCTION dripline.append TO PUBLIC", "function dripline.append: PUBLIC has EXECUTE"),
        ("GRANT EXECUTE ON FUNCTION dripline.append TO dripline_reporting", "function dripline.append: dripline_reporting has EXECUTE"),
        ("GRANT USAGE ON SCHEMA dripline TO PUBLIC", "schema dripline: PUBLIC has USAGE"),
        ("GRANT CREATE ON SCHEMA dripline TO dripline_service", "schema dripline: dripline_service has CREATE"),
        ("ALTER DEFAULT PRIVILEGES IN SCHEMA dripline GRANT SELECT ON TABLES TO PUBLIC", "default privileges: what is made in dripline"),
        (
            "ALTER TABLE dripline.events DISABLE TRIGGER append_only",
            "table dripline.events: no trigger that is enabled always refuses DELETE"
        ),
        (
            "ALTER TABLE dripline.events ENABLE TRIGGER append_only",
            "table dripline.events: no trigger that is enabled always refuses TRUNCATE"
        ),
        ("ALTER TABLE dripline.commands DISABLE TRIGGER ALL", "table dripline.commands: its trigger"),
        ("ALTER TABLE dripline.events ENABLE TRIGGER only_erasure", "table dripline.events: the trigger only_erasure does not hold"),
        ("DROP TRIGGER no_update ON dripline.events", "table dripline.events: the trigger no_update does not hold"),
        ("GRANT EXECUTE ON FUNCTION dripline.erase TO dripline_service", "function dripline.erase: dripline_service has EXECUTE"),
        ("GRANT SELECT ON dripline.accounts TO dripline_service", "table dripline.accounts: dripline_service has SELECT"),
        ("GRANT SELECT (payload) ON dripline.events TO dripline_accounts", "column dripline.events.payload: dripline_accounts has SELECT"),
        ("GRANT DELETE ON dripline.accounts TO dripline_accounts", "table dripline.accounts: dripline_accounts has DELETE"),
        ("GRANT dripline_eraser TO dripline_sealer", "role dripline_sealer: it is a member of dripline_eraser"),
        (
            "DROP TRIGGER append_only ON dripline.checkpoints",
            "table dripline.checkpoints: no trigger that is enabled always refuses TRUNCATE"
        ),
        ("DROP TRIGGER only_forward ON dripline.logs", "table dripline.logs: no trigger that is enabled always refuses UPDATE"),
        (
            """
            CREATE FUNCTION public.quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER quiet BEFORE INSERT ON dripline.events FOR EACH ROW EXECUTE FUNCTION public.quiet()
            """, "table dripline.events: a trigger that is not ours, quiet"
        ),
        ("ALTER EVENT TRIGGER dripline_guard_drop DISABLE", "event trigger dripline_guard_drop: it is not enabled always"),
        ("ALTER EVENT TRIGGER dripline_guard_change ENABLE", "event trigger dripline_guard_change: it is not enabled always"),
        ("DROP EVENT TRIGGER dripline_guard_change", "event trigger dripline_guard_change: it is missing"),
        ("ALTER TABLE dripline.tiles SET UNLOGGED", "table dripline.tiles: it is not logged"),
        ("ALTER TABLE dripline.events ENABLE ROW LEVEL SECURITY", "table dripline.events: row-level security hides"),
        ("CREATE TABLE public.more () INHERITS (dripline.events)", "table dripline.events: the table more adds its rows"),
        ("CREATE RULE quiet AS ON DELETE TO dripline.events DO INSTEAD NOTHING", "table dripline.events: the rule quiet"),
        ("DROP TABLE dripline.cosignatures", "table dripline.cosignatures: it is missing"),
        (
            "CREATE OR REPLACE FUNCTION dripline.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "function dripline.refuse_change: its body is not that of this program"
        ),
        ("ALTER FUNCTION dripline.append SECURITY INVOKER", "function dripline.append: it runs with the rights of its caller"),
        ("ALTER FUNCTION dripline.judge_repeats SECURITY DEFINER", "function dripline.judge_repeats: it runs with the rights of its owner"),
        ("ALTER FUNCTION dripline.append SET search_path = public", "function dripline.append: its search_path is not pinned"),
        ("ALTER FUNCTION dripline_guard.guard_log RESET ALL", "function dripline_guard.guard_log: its search_path is not pinned"),
        ("DROP FUNCTION dripline.reported_clinics CASCADE", "function dripline.reported_clinics: it is missing"),
        (
            "CREATE FUNCTION dripline.more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "function dripline.more: this program does not make it"
        ),
        (
            """
            CREATE FUNCTION public.more() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
            ALTER FUNCTION public.more OWNER TO dripline_owner
            """, "function more(): it runs with the rights of dripline_owner, and its search_path is not pinned"
        ),
        ("ALTER ROLE ledger_tests_login SET dripline.migration = on", "login ledger_tests_login: dripline.migration=on is set"),
        (
            "ALTER ROLE ledger_tests_login SET session_replication_role = replica",
            "login ledger_tests_login: session_replication_role=replica"
        ),
    ]

    private struct Undone: Error {
        let findings: [PrivilegeAudit.Finding]
    }

    @Test func eachLooseningIsFound() async throws {
        try await withConnection(TestDatabase.current.settings.setting(user: "ledger_tests_login")) { connection async throws in
            try await withSuperuser { try await $0.script(Self.guarded) }
            #expect(try await PrivilegeAudit.findings(on: connection) == [])
        }
        try await withSuperuser { connection async throws in
            let usual = try await PrivilegeAudit.findings(on: connection)
            #expect(usual.map(\.what) == ["it serves as a superuser, whom no trigger and no privilege holds"])
            for (sql, finding) in Self.loosenings {
                // Roles belong to the whole server, where other tests run: what is loosened here is taken back before anybody sees it.
                let undone = await #expect(throws: Undone.self, "\(sql)") {
                    try await connection.transaction { connection in
                        try connection.script("SET LOCAL client_min_messages = error; SET LOCAL dripline.migration = on; \(sql)")
                        throw Undone(findings: try PrivilegeAudit.findings(on: connection))
                    }
                }
                let found = (undone?.findings ?? []).map(\.description)
                #expect(found.contains { $0.hasPrefix(finding) }, "\(sql): \(found)")
            }
            #expect(try await PrivilegeAudit.findings(on: connection) == usual)
        }
    }
}

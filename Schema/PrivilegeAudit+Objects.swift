import Postgres

/// What keeps the log as it is: its triggers, its tables, its functions.
extension PrivilegeAudit {
    mutating func checkTriggers(on connection: isolated Connection) throws {
        // Bits of tgtype: 2 before, 8 DELETE, 16 UPDATE, 32 TRUNCATE. What fires always, by functions of ours, must cover all three.
        try collect(
            """
            SELECT 'table dripline.' || l.name, 'no trigger that is enabled always refuses ' || w.what || ': run `dripline migrate` on a copy, or put back ' \
                || 'the trigger of Schema/triggers' \
            FROM unnest($1::text[]) AS l (name) CROSS JOIN (VALUES (8, 'DELETE'), (16, 'UPDATE'), (32, 'TRUNCATE')) AS w (bit, what) \
            WHERE NOT EXISTS ( \
                SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = to_regclass('dripline.' || l.name) \
                AND NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgtype & 2 = 2 AND t.tgtype & w.bit = w.bit AND t.tgqual IS NULL \
                AND t.tgattr = ''::int2vector AND p.pronamespace = 'dripline'::regnamespace) ORDER BY l.name, w.bit
            """, [["events", "commands", "checkpoints", "cosignatures", "logs"]], on: connection)
        // An erasure is the one UPDATE of the events that is borne: by one trigger for the statement, by another for its rows. Bit 1: for each row.
        try collect(
            """
            SELECT 'table dripline.events', 'the trigger ' || w.name || ' does not hold an UPDATE to erasing: put it back from Schema/triggers' \
            FROM (VALUES ('no_update', 0, 'dripline.refuse_update()'), ('only_erasure', 1, 'dripline.refuse_alteration()')) AS w (name, row, function) \
            WHERE NOT EXISTS ( \
                SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass('dripline.events') AND t.tgenabled = 'A' AND t.tgtype & 18 = 18 \
                AND t.tgtype & 1 = w.row AND t.tgqual IS NULL AND t.tgattr = ''::int2vector AND t.tgfoid = to_regprocedure(w.function)) ORDER BY 2
            """, on: connection)
        try collect(
            """
            SELECT 'table ' || t.tgrelid::regclass, CASE WHEN t.tgenabled = 'D' THEN 'its trigger ' || t.tgname || ' is disabled' \
                ELSE 'a trigger that is not ours, ' || t.tgname || ', acts on it' END \
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
            WHERE c.relnamespace = 'dripline'::regnamespace AND (t.tgenabled = 'D' \
                OR NOT t.tgisinternal AND p.pronamespace <> 'dripline'::regnamespace) ORDER BY 1, 2
            """, on: connection)
        try collect(
            """
            SELECT 'event trigger ' || g.name, CASE WHEN t.evtenabled IS NULL THEN 'it is missing: run `dripline migrate` as a superuser' \
                ELSE 'it is not enabled always: ALTER EVENT TRIGGER ' || g.name || ' ENABLE ALWAYS' END \
            FROM (VALUES ('dripline_guard_change', 'ddl_command_end'), ('dripline_guard_drop', 'sql_drop')) AS g (name, event) \
            LEFT JOIN pg_event_trigger t ON t.evtname = g.name AND t.evtevent = g.event AND t.evttags IS NULL \
                AND t.evtfoid = to_regprocedure('dripline.guard_log()') \
            WHERE t.evtenabled IS DISTINCT FROM 'A' ORDER BY 1
            """, on: connection)
    }

    mutating func checkTables(on connection: isolated Connection) throws {
        try collect(
            """
            SELECT 'table dripline.' || l.name, 'it is missing' FROM unnest($1::text[]) AS l (name) WHERE to_regclass('dripline.' || l.name) IS NULL \
            UNION ALL SELECT 'table ' || c.oid::regclass, 'it is not logged, and is emptied when the server crashes: ALTER TABLE … SET LOGGED' \
            FROM pg_class c WHERE c.relnamespace = 'dripline'::regnamespace AND c.relkind = 'r' AND c.relpersistence <> 'p' \
            UNION ALL SELECT 'table ' || c.oid::regclass, 'row-level security hides some of its rows: ALTER TABLE … DISABLE ROW LEVEL SECURITY' \
            FROM pg_class c WHERE c.relnamespace = 'dripline'::regnamespace AND c.relrowsecurity AND c.relname = ANY ($1) \
            UNION ALL SELECT 'table ' || i.inhparent::regclass, 'the table ' || i.inhrelid::regclass || ' adds its rows: ALTER TABLE … NO INHERIT' \
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE c.relnamespace = 'dripline'::regnamespace \
            UNION ALL SELECT 'table ' || r.ev_class::regclass, 'the rule ' || r.rulename || ' rewrites what is done to it: DROP RULE' \
            FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class \
            WHERE c.relnamespace = 'dripline'::regnamespace AND (c.relkind <> 'v' OR r.ev_type <> '1') ORDER BY 1, 2
            """, [Self.logTables], on: connection)
    }

    /// A function as its file makes it.
    private struct Made {
        let name: String
        let body: String
        let isDefiner: Bool
        /// One that is inlined where `append` calls it can have no settings: it is read under those of `append`.
        let isPinned: Bool
    }

    /// Every function of the schema, from the files that make them.
    private static let made: [Made] = Schema.objects.flatMap { object -> [Made] in
        let parts = String(decoding: object, as: UTF8.self)
            .split(separator: "CREATE OR REPLACE FUNCTION dripline.", omittingEmptySubsequences: false)
        return parts.dropFirst().compactMap { part in
            guard let start = part.firstRange(of: "AS $$"), let end = part[start.upperBound...].firstRange(of: "$$") else { return nil }
            return Made(
                name: String(part.prefix { $0 != "(" }), body: String(part[start.upperBound..<end.lowerBound]),
                isDefiner: part[..<start.lowerBound].contains("SECURITY DEFINER"),
                isPinned: part[..<start.lowerBound].contains("SET search_path"))
        }
    }

    mutating func checkFunctions(on connection: isolated Connection) throws {
        let sql = """
            SELECT p.proname::text, p.prosrc, p.prosecdef, coalesce((SELECT s FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\\_path=%' LIMIT 1), '') \
            FROM pg_proc p WHERE p.pronamespace = 'dripline'::regnamespace ORDER BY p.oid::regprocedure::text
            """
        var missing = Set(Self.made.map(\.name))
        for row in try connection.query(sql) {
            let (name, body, isDefiner, path) = try row.decode(String.self, String.self, Bool.self, String.self)
            let object = "function dripline.\(name)"
            guard let made = Self.made.first(where: { $0.name == name }) else {
                found(object, "this program does not make it")
                continue
            }
            missing.remove(name)
            if body != made.body { found(object, "its body is not that of this program: run `dripline migrate`") }
            if isDefiner != made.isDefiner { found(object, "it runs with the rights of its \(isDefiner ? "owner" : "caller")") }
            if made.isPinned, path != "search_path=pg_catalog, pg_temp" {
                found(object, "its search_path is not pinned to pg_catalog, pg_temp")
            }
        }
        for name in missing.sorted() { found("function dripline.\(name)", "it is missing: run `dripline migrate`") }
        try collect(
            """
            SELECT 'function ' || p.oid::regprocedure, 'it runs with the rights of ' || pg_get_userbyid(p.proowner) || ', and its search_path is not pinned' \
            FROM pg_proc p WHERE p.prosecdef AND pg_get_userbyid(p.proowner) = ANY ($1) AND p.pronamespace <> 'dripline'::regnamespace \
            AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\\_path=%') ORDER BY 1
            """, [Self.roles], on: connection)
    }

    /// Settings that are on for a whole database or login, and switch the triggers off for all of its sessions.
    mutating func checkSettings(on connection: isolated Connection) throws {
        try collect(
            """
            SELECT coalesce('login ' || pg_get_userbyid(nullif(s.setrole, 0)), 'database ' || current_database()), c.setting || ' is set for every session' \
            FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting) \
            WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())) \
            AND (c.setting LIKE 'dripline.%' OR c.setting LIKE 'session\\_replication\\_role=%' AND c.setting NOT LIKE '%=origin') ORDER BY 1, 2
            """, on: connection)
    }

    /// The read models: their owner fills them, the service reads them, reports read views whose owner is held to the clinics that a login may see.
    mutating func checkReadModels(on connection: isolated Connection) throws {
        try collect(
            """
            SELECT o.object, o.grantee || ' has ' || o.privilege_type || ': REVOKE ' || o.privilege_type || ' ON … FROM ' || o.grantee FROM ( \
                SELECT CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || c.oid::regclass AS object, c.relkind, a.privilege_type, \
                    coalesce(r.rolname::text, 'PUBLIC') AS grantee, n.nspname, a.grantee = c.relowner AS is_owner \
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) a \
                LEFT JOIN pg_roles r ON r.oid = a.grantee \
                WHERE pg_get_userbyid(c.relowner) IN ('dripline_projector', 'dripline_reports') AND c.relkind IN ('r', 'v') \
            ) o WHERE NOT o.is_owner AND NOT (o.privilege_type = 'SELECT' AND (o.relkind = 'r' AND o.grantee IN ('dripline_service', 'dripline_reports') \
                OR o.nspname = 'reporting' AND o.grantee = 'dripline_reporting')) ORDER BY 1, 2
            """, on: connection)
        try collect(
            """
            SELECT 'table ' || c.oid::regclass, 'reports read it, and row-level security does not hold them to the clinics of their login' \
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic' AND NOT a.attisdropped \
            WHERE c.relkind = 'r' AND has_table_privilege('dripline_reports', c.oid, 'SELECT') AND NOT (c.relrowsecurity AND NOT EXISTS ( \
                SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND (p.polpermissive AND 0 = ANY (p.polroles) \
                    OR 'dripline_reports'::regrole = ANY (p.polroles) \
                    AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%( SELECT dripline.reported_clinics() AS reported_clinics)%'))) ORDER BY 1
            """, on: connection)
        try collect(
            """
            SELECT 'view ' || c.oid::regclass, 'its owner is ' || pg_get_userbyid(c.relowner) || ', whom row-level security does not hold: ' \
                || 'ALTER VIEW … OWNER TO dripline_reports' \
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'reporting' AND c.relkind = 'v' \
            AND pg_get_userbyid(c.relowner) <> 'dripline_reports' \
            UNION ALL SELECT 'table ' || c.oid::regclass, 'dripline_reporting may read it: REVOKE ALL ON … FROM dripline_reporting' \
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE n.nspname NOT IN ('reporting', 'pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v', 'm', 'f', 'p') \
            AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 'dripline_reporting'::regrole) ORDER BY 1
            """, on: connection)
    }
}

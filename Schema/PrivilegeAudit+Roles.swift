import Postgres

/// Who may do what: roles, their members, owners, grants.
extension PrivilegeAudit {
    mutating func checkRoles(on connection: isolated Connection) throws {
        try collect(
            """
            SELECT 'role ' || r.rolname, 'it is ' || a.attribute || ', and should be no such thing: ALTER ROLE ' || r.rolname || ' NO' || a.attribute \
            FROM pg_roles r CROSS JOIN LATERAL (VALUES ('LOGIN', r.rolcanlogin), ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole), \
                ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) AS a (attribute, has) \
            WHERE a.has AND r.rolname = ANY ($1) ORDER BY 1, 2
            """, [Self.roles], on: connection)
        try collect(
            """
            SELECT 'login ' || r.rolname, 'it serves as a superuser, whom no trigger and no privilege holds' \
            FROM pg_roles r WHERE r.rolname = session_user AND r.rolsuper
            """, on: connection)
    }

    /// Of our roles, only the projector and the eraser act as others. Nobody but who migrates is a member of the owner.
    mutating func checkMembers(on connection: isolated Connection) throws {
        let sql = """
            SELECT g.rolname::text, m.rolname::text, m.rolsuper, a.admin_option, concat_ws(', ', CASE WHEN m.rolcreaterole THEN 'CREATEROLE' END, \
                CASE WHEN m.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN m.rolreplication THEN 'REPLICATION' END) \
            FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member \
            WHERE g.rolname = ANY ($1) OR m.rolname = ANY ($1) ORDER BY 1, 2
            """
        for row in try connection.query(sql, [Self.roles]) {
            let (role, member, isSuperuser, isAdmin, attributes) = try row.decode(
                String.self, String.self, Bool.self, Bool.self, String.self)
            let way = "REVOKE \(role) FROM \(member)"
            if Self.roles.contains(member) {
                guard Self.acted[member]?.contains(role) != true else { continue }
                found("role \(member)", "it is a member of \(role): \(way)")
            } else if role == Self.owner || role == "dripline_reports" {
                guard !isSuperuser else { continue }
                let harm = role == Self.owner ? "may alter the log" : "reads the read models past their views"
                found("login \(member)", "it is a member of \(role), and \(harm): \(way)")
            } else {
                if isSuperuser { found("login \(member)", "it is a superuser, and a member of \(role)") }
                if isAdmin { found("login \(member)", "it may grant \(role) to others: REVOKE ADMIN OPTION FOR \(role) FROM \(member)") }
                if !attributes.isEmpty { found("login \(member)", "it is \(attributes), and a member of \(role)") }
            }
        }
    }

    /// As which others one of our roles may act.
    private static let acted: [String: Set<String>] = [
        "dripline_projector": ["dripline_service", "dripline_reporting", "dripline_reports"], "dripline_eraser": ["dripline_projector"],
    ]

    mutating func checkOwners(on connection: isolated Connection) throws {
        try collect(
            """
            SELECT o.object, 'its owner is ' || pg_get_userbyid(o.owner) || ', and should be ' || $1 FROM ( \
                SELECT 'schema ' || n.nspname AS object, n.nspowner AS owner FROM pg_namespace n \
                WHERE n.nspname IN ('dripline', 'dripline_guard') \
                UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'S' THEN 'sequence ' ELSE 'table ' END || 'dripline.' || c.relname, \
                    c.relowner FROM pg_class c WHERE c.relnamespace = 'dripline'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c') \
                UNION ALL SELECT 'function ' || n.nspname || '.' || p.proname, p.proowner \
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('dripline', 'dripline_guard') \
            ) o WHERE pg_get_userbyid(o.owner) <> $1 ORDER BY 1
            """, [Self.owner], on: connection)
    }

    /// What may be granted on the log's own tables and functions, by name: all else is too much.
    private static let granted: Set<String> = [
        "SELECT schema_version dripline_service", "SELECT logs dripline_service", "SELECT events dripline_service",
        "SELECT commands dripline_service", "SELECT tiles dripline_service", "SELECT checkpoints dripline_service",
        "SELECT cosignatures dripline_service", "SELECT record dripline_service", "SELECT reporting_clinics dripline_service",
        "SELECT logs dripline_sealer", "SELECT events dripline_sealer", "SELECT tiles dripline_sealer",
        "SELECT checkpoints dripline_sealer", "SELECT cosignatures dripline_sealer", "INSERT tiles dripline_sealer",
        "UPDATE tiles dripline_sealer", "INSERT checkpoints dripline_sealer", "INSERT cosignatures dripline_sealer",
        "EXECUTE append dripline_service", "EXECUTE append_many dripline_service", "EXECUTE stream_events dripline_service",
        "EXECUTE reported_clinics dripline_reporting",
        "EXECUTE reported_clinics dripline_reports",
        "EXECUTE erase dripline_eraser", "USAGE dripline dripline_accounts", "USAGE dripline dripline_service",
        "USAGE dripline dripline_sealer",
    ]
    private static let accountTables: Set<String> = ["accounts", "sessions", "devices", "attempts", "tokens", "setup_links"]
    /// Rows of these go when they are over.
    private static let passingTables: Set<String> = ["sessions", "devices", "attempts"]
    /// Functions that are for nobody, or for those above.
    private static let closedFunctions = [
        "append", "append_many", "is_sound_call", "write_events", "check_append", "judge_repeats", "judge_conditions",
        "all_conditions_hold", "refuse_change", "refuse_rewind", "guard_log",
        "stream_events", "reported_clinics", "erase", "refuse_update", "refuse_alteration",
    ]

    mutating func checkGrants(on connection: isolated Connection) throws {
        let sql = """
            SELECT o.kind, o.name, coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type, a.is_grantable FROM ( \
                SELECT 'schema' AS kind, n.nspname::text AS name, n.nspowner AS owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl \
                FROM pg_namespace n WHERE n.nspname IN ('dripline', 'dripline_guard') \
                UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.relname::text, c.relowner, \
                    coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) \
                FROM pg_class c WHERE c.relnamespace = 'dripline'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c') \
                UNION ALL SELECT 'column', c.relname || '.' || t.attname, c.relowner, t.attacl \
                FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid WHERE c.relnamespace = 'dripline'::regnamespace \
                UNION ALL SELECT 'function', p.proname::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)) \
                FROM pg_proc p WHERE p.pronamespace::regnamespace::text IN ('dripline', 'dripline_guard') \
            ) o CROSS JOIN LATERAL aclexplode(o.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> o.owner ORDER BY 1, 2, 3, 4
            """
        for row in try connection.query(sql) {
            let (kind, name, grantee, privilege, isGrantable) = try row.decode(
                String.self, String.self, String.self, String.self, Bool.self)
            let object = kind == "schema" ? "schema \(name)" : "\(kind) dripline.\(name)"
            let way = "REVOKE \(privilege) ON … FROM \(grantee)"
            if isGrantable {
                found(object, "\(grantee) may hand its \(privilege) on: \(way)")
            } else if !Self.mayBeGranted(privilege, kind, name, to: grantee) {
                found(object, "\(grantee) has \(privilege): \(way)")
            }
        }
        try collect(
            """
            SELECT 'default privileges', 'what is made in ' || coalesce(d.defaclnamespace::regnamespace::text, 'any schema') || ' by ' \
                || pg_get_userbyid(d.defaclrole) || ' is granted to others at once: ALTER DEFAULT PRIVILEGES … REVOKE' FROM pg_default_acl d \
            WHERE pg_get_userbyid(d.defaclrole) = ANY ($1) OR d.defaclnamespace = 'dripline'::regnamespace
            """, [Self.roles], on: connection)
    }

    private static func mayBeGranted(_ privilege: String, _ kind: String, _ name: String, to grantee: String) -> Bool {
        if granted.contains("\(privilege) \(name) \(grantee)") { return true }
        guard roles.contains(grantee) else { return false }
        switch kind {
        case "table":
            // Accounts are for the door alone: it may write them, and not empty them at once or refer to them.
            return accountTables.contains(name) && grantee == "dripline_accounts"
                && (["SELECT", "INSERT", "UPDATE"].contains(privilege) || privilege == "DELETE" && passingTables.contains(name))
        case "column":
            // Whether the clinic's stream has grown, and nothing of what it says.
            return grantee == "dripline_accounts" && privilege == "SELECT"
                && ["logs.log_id", "logs.clinic", "logs.log", "events.log_id", "events.stream", "events.version"].contains(name)
        case "sequence": return false
        case "function": return !closedFunctions.contains(name)
        default: return false
        }
    }
}

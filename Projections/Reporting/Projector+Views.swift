import Clinic
import Postgres

/// The views for reports. They bind to tables, not to names: a switch of the tables must make them anew, or they would go with the old ones.
extension Projector {
    /// How long a switch waits for a report that is being read. Then it lets go of everything, so that the live projector is not held up, and is
    /// tried again.
    static let viewPatience: Duration = .seconds(1)

    /// Makes a projection's views over the tables that serve, and lets the reporting role read them and nothing else. Views of the same definition
    /// are replaced in place, so that what others have built on them stays; others are dropped first, because their columns may differ.
    static func makeViews(of projection: any Projection.Type, on connection: isolated Connection) throws {
        let definition = String(decoding: projection.reporting ?? [], as: UTF8.self)
        if try !hasViews(of: projection, on: connection) {
            for view in try views(of: projection, on: connection) { try connection.script("DROP VIEW IF EXISTS \(view) CASCADE") }
        }
        try connection.script(
            """
            REVOKE ALL ON ALL TABLES IN SCHEMA \(projection.name) FROM dripline_reporting;
            REVOKE ALL ON SCHEMA \(projection.name) FROM dripline_reporting;
            """)
        if !definition.isEmpty { try connection.script(definition) }
        // A view reads with the rights of its owner: of one whom the row-level security of the tables holds.
        for view in try views(of: projection, on: connection) {
            try connection.script("ALTER VIEW \(view) OWNER TO dripline_reports; GRANT SELECT ON \(view) TO dripline_reporting")
        }
        try connection.execute("UPDATE projections.models SET reporting = md5($2) WHERE name = $1", [projection.name, definition])
    }

    /// Whether a projection's views are owned as they should be: those of an older program are not.
    static func areViewsHeld(of projection: any Projection.Type, on connection: isolated Connection) throws -> Bool {
        let names = try views(of: projection, on: connection)
        let row = try connection.query(
            "SELECT coalesce(bool_and(c.relowner = 'dripline_reports'::regrole), true) FROM pg_class c WHERE c.oid = ANY ($1::text[]::regclass[])",
            [names]
        ).first
        return try row?.value(0, as: Bool.self) ?? true
    }

    /// Whether the views in the database are those of this program.
    static func hasViews(of projection: any Projection.Type, on connection: isolated Connection) throws -> Bool {
        let definition = String(decoding: projection.reporting ?? [], as: UTF8.self)
        let row = try connection.query(
            "SELECT reporting IS NOT DISTINCT FROM md5($2) FROM projections.models WHERE name = $1", [projection.name, definition]
        ).first
        return try row?.value(0, as: Bool.self) ?? false
    }

    /// The views in the schema `reporting` that read a projection's tables, those that served last included: qualified and quoted.
    private static func views(of projection: any Projection.Type, on connection: isolated Connection) throws -> [String] {
        let sql = """
            SELECT DISTINCT format('%I.%I', vn.nspname, v.relname) \
            FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass \
            JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace vn ON vn.oid = v.relnamespace \
            JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass JOIN pg_namespace tn ON tn.oid = t.relnamespace \
            WHERE vn.nspname = 'reporting' AND v.relkind = 'v' AND v.oid <> t.oid AND tn.nspname IN ($1, $1 || '_old') ORDER BY 1
            """
        return try connection.query(sql, [projection.name]).map { try $0.value(0, as: String.self) }
    }
}

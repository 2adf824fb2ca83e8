import Clinic
import Postgres

extension Projector {
    /// Creates the bookkeeping, the tables of every projection that has none yet, and the views that are not there as this program knows them. Safe to run by several processes at once.
    static func prepare(_ connection: Connection) async throws {
        try await connection.transaction { connection in
            try connection.script("SET LOCAL client_min_messages = warning")
            try connection.execute("SELECT pg_advisory_xact_lock(\(AdvisoryLock.prepare))")
            try connection.script(String(decoding: PackageResources.projections_bookkeeping_sql, as: UTF8.self))
            for projection in allProjections {
                let installed = try installedVersion(of: projection, on: connection)
                if installed != nil { try secure(projection, .serving, on: connection) }
                if installed == nil {
                    try createTables(of: projection, .serving, on: connection)
                    try connection.execute(
                        "INSERT INTO projections.models (name, version) VALUES ($1, $2)", [projection.name, Int32(projection.version)])
                } else if installed != projection.version {
                    // The views fit the tables that a rebuild will bring.
                    continue
                }
                if try !hasViews(of: projection, on: connection) || !areViewsHeld(of: projection, on: connection) {
                    try makeViews(of: projection, on: connection)
                }
            }
        }
    }

    /// The version of the tables that serve; nil where there are none.
    static func installedVersion(of projection: any Projection.Type, on connection: isolated Connection) throws -> Int? {
        let row = try connection.query("SELECT version FROM projections.models WHERE name = $1", [projection.name]).first
        return try row.map { Int(try $0.value(0, as: Int32.self)) }
    }

    /// Makes a generation's schema and empty tables. `name` comes from the program, never from a user.
    static func createTables(of projection: any Projection.Type, _ generation: Generation, on connection: isolated Connection) throws {
        let schema = generation.schema(of: projection.name)
        try connection.script("CREATE SCHEMA \(schema); SET LOCAL search_path = \(schema), pg_catalog")
        try connection.script(String(decoding: projection.definition, as: UTF8.self))
        try connection.script(
            """
            RESET search_path;
            GRANT USAGE ON SCHEMA \(schema) TO dripline_service;
            GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO dripline_service
            """)
        try secure(projection, generation, on: connection)
    }

    /// Row-level security on the tables of a generation that have none yet: the service sees every row, reports the clinics that the login may see.
    /// Their owner, who fills them, is not held by it.
    private static func secure(_ projection: any Projection.Type, _ generation: Generation, on connection: isolated Connection) throws {
        let schema = generation.schema(of: projection.name)
        let open = try connection.query(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE n.nspname = $1 AND c.relname = ANY ($2) AND NOT c.relrowsecurity
            """, [schema, projection.tables.map(\.name)]
        ).map { try $0.value(0, as: String.self) }
        if !open.isEmpty { try connection.script("GRANT USAGE ON SCHEMA \(schema) TO dripline_reports") }
        for table in open {
            try connection.script(
                """
                DROP POLICY IF EXISTS service_sees_all ON \(schema).\(table); DROP POLICY IF EXISTS reports_by_clinic ON \(schema).\(table);
                CREATE POLICY service_sees_all ON \(schema).\(table) FOR SELECT TO dripline_service USING (true);
                CREATE POLICY reports_by_clinic ON \(schema).\(table) FOR SELECT TO dripline_reports
                    USING (clinic = ANY ((SELECT dripline.reported_clinics())::text[]));
                GRANT SELECT ON \(schema).\(table) TO dripline_reports;
                ALTER TABLE \(schema).\(table) ENABLE ROW LEVEL SECURITY
                """)
        }
    }
}

/// The advisory locks of the projector: session locks, so they end with the connection that holds them.
enum AdvisoryLock {
    static let prepare: Int64 = 0x6472_6970_0001

    /// Held by the process that projects this read model.
    static func projecting(_ name: String) -> Int64 { key(name, 0x5052) }
    /// Held by the process that rebuilds this read model.
    static func rebuilding(_ name: String) -> Int64 { key(name, 0x5242) }

    /// FNV-1a of the name, with the purpose in the low bits: the same in every process.
    private static func key(_ name: String, _ purpose: UInt64) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash << 16 | purpose)
    }
}

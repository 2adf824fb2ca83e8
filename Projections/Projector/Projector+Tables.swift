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
                if installed == nil {
                    try createTables(of: projection, .serving, on: connection)
                    try connection.execute(
                        "INSERT INTO projections.models (name, version) VALUES ($1, $2)", [projection.name, Int32(projection.version)])
                } else if installed != projection.version {
                    // The views fit the tables that a rebuild will bring.
                    continue
                }
                if try !hasViews(of: projection, on: connection) { try makeViews(of: projection, on: connection) }
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

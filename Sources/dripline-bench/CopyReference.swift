import Foundation
import Logging
import Postgres
import Service

/// What PostgreSQL alone needs for the bytes of a rebuild: psql copies the log out and the finished tables in, both in binary.
struct CopyReference {
    /// Seconds.
    private(set) var logOut = 0.0
    /// Into tables with the same keys and indexes.
    private(set) var tablesIn = 0.0
    /// Into tables without any.
    private(set) var tablesInBare = 0.0

    var total: Double { logOut + tablesIn }

    static func measure(_ database: Database) async throws -> CopyReference {
        guard let server = database.server else { return CopyReference() }
        let psql = Psql(path: try Tool.postgres("psql"), socketDirectory: server.socketDirectory)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var reference = CopyReference()
        let log = "\(folder)/log"
        reference.logOut = try await psql.time(
            "\\copy (SELECT * FROM dripline.events ORDER BY log_id, position) TO '\(log)' (FORMAT binary)")
        try FileManager.default.removeItem(atPath: log)
        let tables = try await tables(database)
        for table in tables { _ = try await psql.time("\\copy \(table) TO '\(folder)/\(table)' (FORMAT binary)") }
        reference.tablesIn = try await copyIn(tables, "INCLUDING ALL", psql, folder)
        reference.tablesInBare = try await copyIn(tables, "INCLUDING DEFAULTS INCLUDING COMPRESSION", psql, folder)
        return reference
    }

    private static func copyIn(_ tables: [String], _ shape: String, _ psql: Psql, _ folder: String) async throws -> Double {
        var seconds = 0.0
        for table in tables {
            _ = try await psql.time("CREATE TABLE public.bench_copy (LIKE \(table) \(shape))")
            seconds += try await psql.time("\\copy public.bench_copy FROM '\(folder)/\(table)' (FORMAT binary)")
            _ = try await psql.time("DROP TABLE public.bench_copy")
        }
        return seconds
    }

    /// Those of the read models, with their schemas.
    private static func tables(_ database: Database) async throws -> [String] {
        guard let server = database.server else { return [] }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        let rows = try await connection.query(
            """
            SELECT schemaname || '.' || tablename FROM pg_tables \
            WHERE schemaname IN (SELECT name FROM projections.models) ORDER BY 1
            """)
        let names = try rows.map { try $0.value(0, as: String.self) }
        await connection.close()
        return names
    }
}

/// One statement after another, each by a psql of its own.
private struct Psql {
    let path: String
    let socketDirectory: String

    /// - Returns: seconds, without what psql itself needs to start.
    func time(_ command: String) async throws -> Double {
        let output = try await Tool.run(
            path,
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", socketDirectory, "-U", PostgresServer.adminRole, "-d", PostgresServer.database,
                "-c", "\\timing on", "-c", command,
            ])
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("Time: ") }),
            let milliseconds = Double(line.split(separator: " ")[1])
        else { throw CocoaError(.fileReadCorruptFile, userInfo: [NSLocalizedDescriptionKey: "psql: \(output)"]) }
        return milliseconds / 1000
    }
}

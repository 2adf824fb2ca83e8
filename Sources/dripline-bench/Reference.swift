import Foundation
import Ledger
import Postgres
import Service

/// What a verification is held against, measured by programs that are not ours: the same bytes read out, and hashed.
struct Reference {
    let database: Database
    private let log: Int32

    /// What `verify` reads of an event.
    private static let columns = """
        position, version, occurred_at, recorded_at, charted_at, event, command, stream, type, actor, subject, override_gate, override_reason, \
        override_digest, salt, payload_digest, leaf, payload, entry, v
        """

    init(_ database: Database, _ log: LogName) async throws {
        self.database = database
        self.log = try await database.ledger.number(of: log) ?? 0
    }

    /// Seconds that psql takes to copy the events out, all columns, in order, over one connection.
    /// - Parameter columns: nil for all.
    func copyOut(_ columns: String? = nil, to path: String = "/dev/null") async throws -> Double {
        guard let server = database.server else { return .nan }
        let psql = try Tool.postgres("psql")
        let sql = """
            \\copy (SELECT \(columns ?? Self.columns) FROM dripline.events WHERE log_id = \(log) ORDER BY position) TO '\(path)' (FORMAT binary)
            """
        return try await elapsed {
            _ = try await Tool.run(
                psql, ["-X", "-q", "-h", server.socketDirectory, "-U", PostgresServer.adminRole, "-c", sql, PostgresServer.database],
                environment: ["PGOPTIONS": "-c jit=off"])
        }
    }

    /// Seconds that `sha256sum` takes for files that lie in the cache.
    static func sha256sum(_ paths: [String]) async throws -> Double {
        let command = "cat \(paths.map { "'\($0)'" }.joined(separator: " "))"
        _ = try await Tool.run("/bin/sh", ["-c", "\(command) > /dev/null"])
        return try await elapsed { _ = try await Tool.run("/bin/sh", ["-c", "\(command) | sha256sum"]) }
    }
}

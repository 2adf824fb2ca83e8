import Postgres

/// Every byte of the log's tables as text, to hold before against after.
struct StoredLog: Hashable {
    let events: [String]
    let commands: [String]
    let logs: [String]

    init(_ connection: Connection) async throws {
        events = try await Self.rows(connection, "SELECT e::text FROM dripline.events e ORDER BY log_id, position")
        commands = try await Self.rows(connection, "SELECT c::text FROM dripline.commands c ORDER BY log_id, command")
        logs = try await Self.rows(connection, "SELECT l::text FROM dripline.logs l ORDER BY log_id")
    }

    private static func rows(_ connection: Connection, _ sql: String) async throws -> [String] {
        try await connection.query(sql).map { try $0.decode(String.self) }
    }
}

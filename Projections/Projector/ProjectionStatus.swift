public import Ledger
import Postgres

/// Where a read model stands in one log of one clinic.
public struct ProjectionStatus: Sendable, Hashable {
    public let name: String
    /// The version of the tables that serve.
    public let version: Int
    /// The version that this program makes.
    public let known: Int
    public let clinic: String
    public let log: LogName.Kind
    /// The last position that is in the tables.
    public let position: Int64
    /// The last position of the log.
    public let head: Int64

    /// Events that are not in the tables yet.
    public var lag: Int64 { head - position }
    public var isOutdated: Bool { version != known }
}

extension Ledger {
    /// Where every read model stands, by name, clinic and log, for the logs that it follows; empty before the first projector ran.
    public func projectionStatus() async throws -> [ProjectionStatus] {
        let sql = """
            SELECT m.name, m.version, l.clinic, l.log, c.position, l.size \
            FROM projections.models m CROSS JOIN dripline.logs l \
            LEFT JOIN projections.checkpoints c ON c.name = m.name AND c.generation = 'serving' AND c.clinic = l.clinic AND c.log = l.log \
            ORDER BY m.name, l.clinic, l.log DESC
            """
        let rows = try await read { connection in
            guard try await connection.query("SELECT to_regclass('projections.models') IS NOT NULL").first?.value(0, as: Bool.self) == true
            else { return Rows?.none }
            return try await connection.query(sql)
        }
        return try rows?.compactMap { row in
            let (name, version, clinic, log, position, head) = try row.decode(
                String.self, Int32.self, String.self, String.self, Int64?.self, Int64.self)
            let projection = allProjections.first { $0.name == name }
            // A read model of another program follows the logs that it has checkpoints for.
            guard let log = LogName.Kind(rawValue: log), projection?.followed.contains(log) ?? (position != nil) else { return nil }
            return ProjectionStatus(
                name: name, version: Int(version), known: projection?.version ?? Int(version), clinic: clinic, log: log,
                position: position ?? 0, head: head)
        } ?? []
    }
}

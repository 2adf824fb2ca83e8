public import Ledger
import Postgres

/// Where a read model stands for one clinic.
public struct ProjectionStatus: Sendable, Hashable {
    public let name: String
    /// The version of the tables that serve.
    public let version: Int
    /// The version that this program makes.
    public let known: Int
    public let clinic: String
    /// The last position that is in the tables.
    public let position: Int64
    /// The last position of the log.
    public let head: Int64

    /// Events that are not in the tables yet.
    public var lag: Int64 { head - position }
    public var isOutdated: Bool { version != known }
}

extension Ledger {
    /// Where every read model stands, by name and clinic; empty before the first projector ran.
    public func projectionStatus() async throws -> [ProjectionStatus] {
        let sql = """
            SELECT m.name, m.version, l.clinic, coalesce(c.position, 0), l.size \
            FROM projections.models m CROSS JOIN dripline.logs l \
            LEFT JOIN projections.checkpoints c ON c.name = m.name AND c.generation = 'serving' AND c.clinic = l.clinic \
            WHERE l.log = 'record' ORDER BY m.name, l.clinic
            """
        let rows = try await read { connection in
            guard try await connection.query("SELECT to_regclass('projections.models') IS NOT NULL").first?.value(0, as: Bool.self) == true
            else { return Rows?.none }
            return try await connection.query(sql)
        }
        return try rows?.map { row in
            let (name, version, clinic, position, head) = try row.decode(
                String.self, Int32.self, String.self, Int64.self, Int64.self)
            let known = allProjections.first { $0.name == name }?.version ?? Int(version)
            return ProjectionStatus(
                name: name, version: Int(version), known: known, clinic: clinic, position: position, head: head)
        } ?? []
    }
}

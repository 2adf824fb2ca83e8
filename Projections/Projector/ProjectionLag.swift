public import Ledger
import Postgres

/// How far a read model is behind a kind of log: the clinic that is furthest behind.
public struct ProjectionLag: Sendable, Hashable {
    public let name: String
    public let log: LogName.Kind
    public let events: Int64
    /// Since the oldest event that is missing was recorded; 0 where none is.
    public let seconds: Double
}

extension Ledger {
    /// Every read model's lag, for each kind of log that it follows; empty before the first projector ran.
    public func projectionLag() async throws -> [ProjectionLag] {
        let sql = """
            SELECT m.name, l.log, max(l.size - p.position), \
            coalesce(max(extract(epoch FROM clock_timestamp() - e.recorded_at)), 0)::float8 \
            FROM projections.models m CROSS JOIN dripline.logs l CROSS JOIN LATERAL (SELECT coalesce(( \
                SELECT c.position FROM projections.checkpoints c WHERE c.name = m.name AND c.generation = 'serving' \
                AND c.clinic = l.clinic AND c.log = l.log), 0)) p (position) \
            LEFT JOIN dripline.events e ON e.log_id = l.log_id AND e.position = p.position + 1 \
            GROUP BY m.name, l.log ORDER BY m.name, l.log
            """
        let rows = try await read { connection in
            guard try await connection.query("SELECT to_regclass('projections.models') IS NOT NULL").first?.value(0, as: Bool.self) == true
            else { return Rows?.none }
            return try await connection.query(sql)
        }
        return try rows?.compactMap { row in
            let (name, log, events, seconds) = try row.decode(String.self, String.self, Int64.self, Double.self)
            guard let log = LogName.Kind(rawValue: log), allProjections.first(where: { $0.name == name })?.followed.contains(log) == true
            else { return nil }
            return ProjectionLag(name: name, log: log, events: events, seconds: max(0, seconds))
        } ?? []
    }
}

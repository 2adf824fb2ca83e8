public import Ledger
import Postgres

extension Ledger {
    /// Returns once a read model holds a log's events up to a position; at once where it takes nothing from that log.
    /// - Throws: `ProjectionError.behind` when that takes longer than `limit`.
    public func waitForProjection(_ projection: any Projection.Type, of log: LogName, position: Int64, limit: Duration) async throws {
        guard projection.followed.contains(log.kind) else { return }
        let deadline = ContinuousClock.now + limit
        while true {
            let reached = try await checkpoint(of: projection, log: log)
            if reached >= position { return }
            guard ContinuousClock.now < deadline else {
                throw ProjectionError.behind(projection.name, position: reached, wanted: position)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// How far a read model holds a log's events; 0 before the first projector has made its tables.
    private func checkpoint(of projection: any Projection.Type, log: LogName) async throws -> Int64 {
        do {
            let row = try await read { connection in
                try await connection.query(
                    """
                    SELECT position FROM projections.checkpoints \
                    WHERE name = $1 AND generation = 'serving' AND clinic = $2 AND log = $3
                    """,
                    [projection.name, log.clinic, log.kind.rawValue]
                ).first
            }
            return try row?.value(0, as: Int64.self) ?? 0
        } catch LedgerError.database(let error) where error.sqlState == "42P01" {
            return 0
        }
    }
}

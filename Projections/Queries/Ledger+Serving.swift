public import Foundation
public import Ledger
import Postgres

/// How far a clinic's logs are in the tables of a read model; nil for a log that is not in them.
public struct ServingPositions: Sendable, Hashable {
    public var record: Int64?
    public var access: Int64?
}

extension Ledger {
    /// How far the tables that serve are. Read before the tables: what is read then is this or newer.
    public func servingPositions(of projection: any Projection.Type, clinic: String) async throws -> ServingPositions {
        let rows = try await read { connection in
            try await connection.query(
                "SELECT log, position FROM projections.checkpoints WHERE name = $1 AND generation = 'serving' AND clinic = $2",
                [projection.name, clinic])
        }
        var positions = ServingPositions()
        for row in rows {
            let (log, position) = try row.decode(String.self, Int64.self)
            if log == LogName.Kind.access.rawValue { positions.access = position } else { positions.record = position }
        }
        return positions
    }

    /// How far each stream of a patient's chart is in the read model, without reading the chart: as `Chart.marks`.
    public func chartMarks(of patient: UUID, clinic: String) async throws -> [String: Int64] {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT stream, last_position FROM patient_chart.patients WHERE clinic = $1 AND patient = $2 \
                UNION ALL SELECT stream, last_position FROM patient_chart.sessions WHERE clinic = $1 AND patient = $2
                """, [clinic, patient])
        }
        return try Dictionary(rows.map { try $0.decode(String.self, Int64.self) }) { first, _ in first }
    }

    /// How far a session's stream is in the read model; nil where it is not in it.
    public func sessionMark(of session: UUID, clinic: String) async throws -> Int64? {
        let rows = try await read { connection in
            try await connection.query(
                "SELECT last_position FROM patient_chart.sessions WHERE clinic = $1 AND session = $2", [clinic, session])
        }
        return try rows.first?.value(0, as: Int64.self)
    }
}

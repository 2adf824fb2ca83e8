import Postgres
import Projections
import Testing

/// Every row of every read model, as JSON text, sorted.
struct TableSnapshot: Hashable, Sendable {
    /// By `schema.table`.
    let rows: [String: [String]]

    /// - Parameter projections: of these only.
    init(_ connection: Connection, of projections: [any Projection.Type] = allProjections) async throws {
        var rows: [String: [String]] = [:]
        for projection in projections {
            for table in projection.tables {
                let name = "\(projection.name).\(table.name)"
                let sql = "SELECT row_to_json(t)::text COLLATE \"C\" FROM \(name) t ORDER BY 1"
                rows[name] = try await connection.query(sql).map { try $0.value(0, as: String.self) }
            }
        }
        self.rows = rows
    }

    init(rows: [String: [String]]) { self.rows = rows }

    var count: Int { rows.values.reduce(0) { $0 + $1.count } }

    /// Records where two snapshots differ: a few rows of each table, not all of them.
    func expectEqual(
        _ other: TableSnapshot, _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard self != other else { return }
        for name in Set(rows.keys).union(other.rows.keys).sorted() where rows[name] != other.rows[name] {
            let (here, there) = (rows[name] ?? [], other.rows[name] ?? [])
            let (extra, missing) = (Set(here).subtracting(there), Set(there).subtracting(here))
            let doubled = here.count - Set(here).count
            Issue.record(
                """
                \(comment()): \(name) has \(here.count) rows (\(doubled) doubled), expected \(there.count).
                only here:  \(extra.sorted().prefix(2).joined(separator: "\n            "))
                only there: \(missing.sorted().prefix(2).joined(separator: "\n            "))
                """, sourceLocation: sourceLocation)
        }
    }
}

import Canonical
import Foundation
import Ledger
import Postgres

/// A table of a read model that is held against what a fold makes, row by row and field by field, by the bytes in which both travel.
struct ComparedTable: Sendable {
    /// The table is not as this program makes it.
    struct Fault: Error {
        let column: String?
        let what: String
    }

    let projection: String
    let table: String
    /// Its place among the projection's tables.
    let index: Int
    /// All of them, clinic and stream first.
    private let columns: [String]
    /// The places of those that tell a row from the others.
    private let key: [Int]

    private typealias Fields = [SQLBytes?]

    private struct Stored {
        let fields: Fields
        let stream: String
        let label: String
    }

    init(_ projection: String, _ table: ProjectionTable, _ index: Int, on connection: isolated Connection) throws {
        self.projection = projection
        self.table = table.name
        self.index = index
        let columns = ["clinic", "stream"] + table.columns
        let sql = """
            SELECT a.attname::text, a.attnum = ANY (coalesce(i.indkey::smallint[], '{}')) FROM pg_attribute a \
            LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
            WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
            """
        let found = try connection.query(sql, ["\(projection).\(table.name)"]).map { try $0.decode(String.self, Bool.self) }
        if found.isEmpty { throw Fault(column: nil, what: "the table is missing") }
        let names = Set(found.map(\.0))
        if let missing = columns.first(where: { !names.contains($0) }) { throw Fault(column: missing, what: "the column is missing") }
        let keys = Set(found.filter(\.1).map(\.0))
        self.columns = columns
        key = columns.indices.filter { keys.isEmpty || keys.contains(columns[$0]) }
    }

    private var name: String { "\(projection).\(table)" }

    /// - Parameter fresh: the rows that the fold makes of these streams.
    func compare(
        _ fresh: [[(any SQLValue)?]], of streams: [String], _ clinic: String, _ result: inout ReadModelVerification,
        on connection: isolated Connection
    ) throws {
        var expected: [Fields: [(fields: Fields, values: [(any SQLValue)?])]] = [:]
        for values in fresh {
            let fields = values.map { SQLBytes($0) }
            expected[key.map { fields[$0] }, default: []].append((fields, values))
        }
        var others: [Stored] = []
        for row in try stored(streams, clinic, on: connection) {
            let place = key.map { row.fields[$0] }
            if let match = expected[place]?.firstIndex(where: { $0.fields == row.fields }) {
                expected[place]?.remove(at: match)
                result.rows += 1
            } else {
                others.append(row)
            }
        }
        for row in others {
            guard let counterpart = expected[key.map { row.fields[$0] }]?.popLast() else {
                result.found(finding(row.stream, row.label, nil, "the row is one too many: the log makes none like it"))
                continue
            }
            for (column, (mine, theirs)) in zip(columns, zip(row.fields, counterpart.fields)) where mine != theirs {
                result.found(finding(row.stream, row.label, column, "it differs from what the log makes"))
            }
        }
        for row in expected.values.joined() {
            let label = key.filter { $0 > 1 }.map { Self.text(row.values[$0]) }.joined(separator: " ")
            result.found(finding(row.values[1] as? String ?? "", label, nil, "the row is missing"))
        }
    }

    private func finding(_ stream: String, _ row: String, _ column: String?, _ what: String) -> ReadModelVerification.Finding {
        .init(projection, table: table, stream: stream, row: row.isEmpty ? nil : row, column: column, what: what)
    }

    /// Keys are ids, rules and kinds of things, as the database writes them.
    private static func text(_ value: (any SQLValue)?) -> String {
        if let id = value as? UUID { return id.lowercase }
        return value.map { "\($0)" } ?? ""
    }

    private func stored(_ streams: [String], _ clinic: String, on connection: isolated Connection) throws -> [Stored] {
        let label = key.filter { $0 > 1 }.map { "\(columns[$0])::text" }
        let sql = """
            SELECT \(columns.joined(separator: ", ")), \(label.isEmpty ? "''" : "concat_ws(' ', \(label.joined(separator: ", ")))") \
            FROM \(name) WHERE clinic = $1 AND stream = ANY ($2)
            """
        return try connection.query(sql, [clinic, streams]).map { row in
            Stored(
                fields: try columns.indices.map { try row.value($0, as: SQLBytes?.self) }, stream: try row.value(1),
                label: try row.value(columns.count))
        }
    }

    /// Rows of streams that the log does not have, or that are none of this read model's; and of clinics that have no log.
    func findStrangers(
        _ logs: ClinicLogs, _ positions: LogPositions, _ projection: any Projection.Type, _ result: inout ReadModelVerification,
        on connection: isolated Connection
    ) throws {
        let kinds = logs.kinds.flatMap { projection.streams(in: $0) }
        let sql = """
            SELECT DISTINCT t.stream FROM \(name) t WHERE t.clinic = $1 AND (split_part(t.stream, '/', 1) <> ALL ($2) OR NOT EXISTS ( \
                SELECT FROM unnest($3::integer[], $4::bigint[]) AS u (log_id, position) JOIN dripline.events e \
                ON e.log_id = u.log_id AND e.stream = t.stream AND e.version = 1 AND e.position <= u.position)) ORDER BY 1 LIMIT $5
            """
        let strange = try connection.query(
            sql,
            [
                logs.clinic, kinds, logs.kinds.compactMap { logs.numbers[$0] }, logs.kinds.map { positions[$0] },
                Int64(ReadModelVerification.maximumFindings),
            ])
        for row in strange {
            result.found(finding(try row.value(0), "", nil, "it holds rows of a stream that the log does not have up to there"))
        }
        let unknown = try connection.query(
            "SELECT count(*) FROM \(name) t WHERE NOT EXISTS (SELECT FROM dripline.logs l WHERE l.clinic = t.clinic)"
        ).first?.value(0, as: Int64.self)
        guard let unknown, unknown > 0 else { return }
        result.found(.init(self.projection, table: table, what: "\(unknown) rows are of clinics that have no log"))
    }
}

public import Canonical
public import Foundation
public import Ledger
import Postgres

/// A stretch of a report's rows, in an order that does not change while others are added.
public struct ReportPage: Sendable {
    public let report: Report
    /// An object a row, each column by its name; times in UTC.
    public let rows: [JSON]
    /// Where the next page begins; nil at the end.
    public let next: JSON?
}

extension Reports {
    /// A page of a clinic's rows of a report, ordered by its period and then by its columns.
    ///
    /// A page begins after the sort key that the one before it ended with, not after a number of rows: what is added or removed meanwhile shifts
    /// nothing.
    /// - Parameters:
    ///   - matching: columns that hold an id, and which.
    ///   - key: `next` of the page before.
    /// - Throws: `ReportError`, `PostgresError`
    public func page(
        _ name: String, clinic: LogName, period: ReportPeriod = ReportPeriod(), matching: [String: UUID] = [:], after key: JSON? = nil,
        limit: Int
    ) async throws -> ReportPage {
        try await withConnection { connection in
            let report = try await Reports.report(name, period, on: connection)
            let order = Reports.order(of: report)
            if let key { guard case .array(let parts) = key, parts.count == order.count + 1 else { throw ReportError.foreignKey } }
            var parameters: [(any SQLValue)?] = [key?.canonical, Int64(limit) + 1]
            var conditions = [Reports.conditions(report, clinic: clinic.clinic, period)]
            for (column, id) in matching.sorted(by: { $0.key < $1.key }) {
                parameters.append(id)
                conditions.append("\(Reports.quoted(column)) = $\(parameters.count)")
            }
            // Rows that are alike in every column are told apart by a number, or the second of them would be lost between two pages.
            let columns = order.joined(separator: ", ")
            let sql = """
                SELECT k.row, k.key::text FROM ( \
                SELECT row_to_json(r)::text AS row, \
                jsonb_build_array(\(columns), row_number() OVER (PARTITION BY jsonb_build_array(\(columns)))) AS key \
                FROM reporting.\(Reports.quoted(name)) r WHERE \(conditions.joined(separator: " AND "))) k \
                WHERE $1::text IS NULL OR k.key > $1::text::jsonb ORDER BY k.key LIMIT $2
                """
            do {
                let found = try await connection.query(sql, parameters).map { try $0.decode(String.self, String.self) }
                let rows = try found.prefix(limit).map { try report.row($0.0) }
                let next = found.count > limit ? try JSON.parse(found[limit - 1].1) : nil
                return ReportPage(report: report, rows: rows, next: next)
            } catch let error as PostgresError where error.sqlState.hasPrefix("22") {
                // Data exceptions: the views have none, so it is the key that is no value of a jsonb.
                throw ReportError.foreignKey
            }
        }
    }

    /// Hands over the whole of a report, in pieces of some kilobytes, from one state of the tables. The next piece is read when the one before has
    /// been taken, so memory holds one.
    /// - Throws: what `body` throws; `ReportError`, `PostgresError`
    public func stream(
        _ name: String, clinic: LogName, format: ReportFormat, period: ReportPeriod = ReportPeriod(),
        _ body: (String) async throws -> Void
    ) async throws {
        try await withConnection { connection in
            let report = try await Reports.report(name, period, on: connection)
            try await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            let select = Reports.select(report, clinic: clinic.clinic, format, period)
            try await connection.execute("DECLARE report NO SCROLL CURSOR FOR \(select)")
            if format == .csv { try await body(CSV.line(report.columns.map { ($0.name, false) }) + "\r\n") }
            while true {
                let piece = try await Reports.fetch(report, format, on: connection)
                guard !piece.isEmpty else { break }
                try await body(piece)
            }
            try await connection.execute("COMMIT")
        }
    }

    private static let rowsAtOnce = 200

    private static func fetch(_ report: Report, _ format: ReportFormat, on connection: isolated Connection) throws -> String {
        try connection.query("FETCH FORWARD \(rowsAtOnce) FROM report").map { row in
            switch format {
            case .json: return try report.row(try row.value(0, as: String.self)).canonical + "\n"
            case .csv:
                let fields = try report.columns.indices.map { (try row.value($0, as: String?.self), report.columns[$0].isText) }
                return CSV.line(fields.map { (value: $0.0, isText: $0.1) }) + "\r\n"
            }
        }.joined()
    }

    private static func report(_ name: String, _ period: ReportPeriod, on connection: isolated Connection) throws -> Report {
        let known = try all(on: connection)
        guard let report = known.first(where: { $0.name == name }) else { throw ReportError.unknown(name, known: known.map(\.name)) }
        if period.isBounded, report.period == nil { throw ReportError.noPeriod(name) }
        return report
    }

    /// What rows are sorted by, each a value that jsonb compares as it should.
    private static func order(of report: Report) -> [String] {
        ((report.period.map { [$0] } ?? []) + report.columns).filter { !$0.type.hasPrefix("json") }.map { column in
            let name = "r." + quoted(column.name)
            return column.isTime ? "extract(epoch FROM \(name))" : name
        }
    }
}

extension Report {
    /// A row as programs read it: times as everywhere else, in UTC with six decimals.
    fileprivate func row(_ text: String) throws -> JSON {
        guard case .object(var members) = try JSON.parse(text) else { throw DocumentError(field: name) }
        for column in columns where column.isTime {
            guard case .string(let text)? = members[column.name] else { continue }
            guard let time = Timestamp(rfc3339: text) else { throw DocumentError(field: column.name) }
            members[column.name] = .string(time.description)
        }
        return .object(members)
    }
}

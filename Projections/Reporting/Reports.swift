import Canonical
public import Ledger
public import Logging
public import Postgres

/// Reads the views of the schema `reporting`, as the role `dripline_reporting`, which can read nothing else.
public struct Reports: Sendable {
    private let settings: ConnectionSettings
    private let logger: Logger

    /// - Parameter settings: where the database is; the login must be a member of `dripline_reporting`, as those of the projector are.
    public init(_ settings: ConnectionSettings, logger: Logger) {
        self.settings = settings.setting(role: "dripline_reporting").setting(statementTimeoutMilliseconds: 0)
            .setting(option: "TimeZone", to: "UTC").setting(option: "default_transaction_read_only", to: "on")
        self.logger = logger
    }

    /// Every report, by name.
    public func all() async throws -> [Report] {
        try await withConnection { try await Reports.all(on: $0) }
    }

    /// Writes a clinic's rows of a report, in the order of its period and then of its columns. Memory holds a row; the server sorts.
    /// - Parameter line: takes each line without its end (CR LF in CSV, LF in JSON), the header of CSV first; answers whether more is wanted.
    /// - Returns: how many rows were written.
    /// - Throws: `ReportError`, `PostgresError`
    @discardableResult
    public func write(
        _ name: String, clinic: LogName, format: ReportFormat, period: ReportPeriod = ReportPeriod(),
        _ line: @escaping @Sendable (String) -> Bool
    ) async throws -> Int {
        try await withConnection { connection in
            let known = try await Reports.all(on: connection)
            guard let report = known.first(where: { $0.name == name }) else { throw ReportError.unknown(name, known: known.map(\.name)) }
            if period.isBounded, report.period == nil { throw ReportError.noPeriod(name) }
            let select = Reports.select(report, clinic: clinic.clinic, format, period)
            return try await Reports.copy("COPY (\(select)) TO STDOUT (FORMAT binary)", report, format, line, on: connection)
        }
    }

    static func all(on connection: isolated Connection) throws -> [Report] {
        let sql = """
            SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), ''), array_agg(a.attname::text ORDER BY a.attnum), \
            array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum), \
            array_agg(coalesce(col_description(c.oid, a.attnum), '') ORDER BY a.attnum) \
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
            WHERE n.nspname = 'reporting' AND c.relkind = 'v' AND NOT a.attisdropped GROUP BY c.oid, c.relname ORDER BY c.relname
            """
        return try connection.query(sql).map { row in
            let (name, comment, columns, types, comments) = try row.decode(
                String.self, String.self, [String].self, [String].self, [String].self)
            let described = zip(columns, zip(types, comments)).map { Report.Column(name: $0, type: $1.0, comment: $1.1) }
            return Report(name: name, comment: comment, columns: described)
        }
    }

    /// COPY takes no parameters: names come from the catalogue, a clinic's name is plain, times are written by us.
    static func conditions(_ report: Report, clinic: String, _ period: ReportPeriod) -> String {
        var conditions = ["clinic = '\(clinic)'"]
        if let column = report.period {
            let name = quoted(column.name)
            // A day counts from its first instant, UTC.
            let instant = column.isDay ? "\(name)::timestamp AT TIME ZONE 'UTC'" : name
            if let from = period.from { conditions.append("\(instant) >= '\(from)'") }
            if let before = period.before { conditions.append("\(instant) < '\(before)'") }
        }
        return conditions.joined(separator: " AND ")
    }

    static func select(_ report: Report, clinic: String, _ format: ReportFormat, _ period: ReportPeriod) -> String {
        let order = ((report.period.map { [$0] } ?? []) + report.columns).filter { !$0.type.hasPrefix("json") }.map { quoted($0.name) }
        let rows = """
            SELECT * FROM reporting.\(quoted(report.name)) WHERE \(conditions(report, clinic: clinic, period)) \
            ORDER BY \(order.joined(separator: ", "))
            """
        let fields =
            switch format {
            case .json: "row_to_json(r)::text"
            case .csv: report.columns.map(text).joined(separator: ", ")
            }
        return "SELECT \(fields) FROM (\(rows)) r"
    }

    private static func text(_ column: Report.Column) -> String {
        let name = "r.\(quoted(column.name))"
        return column.isTime ? "to_char(\(name), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')" : "\(name)::text"
    }

    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    private struct Enough: Error {}

    private static func copy(
        _ query: String, _ report: Report, _ format: ReportFormat, _ line: @Sendable (String) -> Bool, on connection: isolated Connection
    ) throws -> Int {
        if format == .csv, !line(CSV.line(report.columns.map { ($0.name, false) })) { return 0 }
        var written = 0
        do {
            try connection.copyOut(query) { row in
                let text: String
                switch format {
                case .json: text = try row.field()
                case .csv:
                    var fields: [(value: String?, isText: Bool)] = []
                    for column in report.columns { fields.append((try row.field(String?.self), column.isText)) }
                    text = CSV.line(fields)
                }
                written += 1
                if !line(text) { throw Enough() }
            }
        } catch is Enough {}
        return written
    }

    func withConnection<T: Sendable>(_ body: (Connection) async throws -> T) async throws -> T {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }
}

import CPostgres

extension PostgresError {
    /// The error that a result reports.
    init(_ result: borrowing QueryResult, resultUnknown: Bool = false) {
        let primary = result.errorField(PostgresDiagnostic.primary)
        let state = result.errorField(PostgresDiagnostic.sqlState)
        // No SQLSTATE means that libpq itself wrote the message: the connection broke.
        self.init(
            sqlState: state ?? "08006",
            severity: result.errorField(PostgresDiagnostic.severity).flatMap(Severity.init(rawValue:)) ?? .error,
            message: state == nil
                ? "the connection to the database was lost" : Self.withoutValues(primary ?? "", sqlState: state ?? ""),
            schema: result.errorField(PostgresDiagnostic.schema),
            table: result.errorField(PostgresDiagnostic.table),
            column: result.errorField(PostgresDiagnostic.column),
            constraint: result.errorField(PostgresDiagnostic.constraint),
            resultUnknown: resultUnknown,
            sensitiveDetail: result.errorMessage)
    }

    static func lost(_ message: String = "the connection to the database was lost", detail: String? = nil, unknown: Bool = false)
        -> PostgresError
    {
        PostgresError(sqlState: "08006", severity: .fatal, message: message, resultUnknown: unknown, sensitiveDetail: detail)
    }

    /// Data exceptions (class 22) and syntax errors quote the offending value or text; what stands between the first and the last quote goes.
    static func withoutValues(_ message: String, sqlState: String) -> String {
        guard sqlState.hasPrefix("22") || sqlState == "42601" else { return message }
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else { return message }
        return message[...first] + "…" + message[last...]
    }
}

/// Field codes of `PQresultErrorField`; C macros of character constants don't come through the importer as Int32.
enum PostgresDiagnostic {
    static let severity = code("V")
    static let sqlState = code("C")
    static let primary = code("M")
    static let schema = code("s")
    static let table = code("t")
    static let column = code("c")
    static let constraint = code("n")
    /// The function in the server's source that reported it.
    static let function = code("R")

    private static func code(_ character: Unicode.Scalar) -> Int32 { Int32(character.value) }
}

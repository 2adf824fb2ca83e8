import CPostgres
import Logging

/// Gathers the notices of one connection. libpq calls it on the connection's thread only, while that thread is inside libpq.
final class Notices {
    /// Set when a commit was made here but its wait for a synchronous standby was cut short: it arrives as a warning on success.
    private(set) var unconfirmedCommit: PostgresError?
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    func takeUnconfirmedCommit() -> PostgresError? {
        defer { unconfirmedCommit = nil }
        return unconfirmedCommit
    }

    func receive(_ result: OpaquePointer) {
        func field(_ code: Int32) -> String? {
            PQresultErrorField(result, code).map { String(cString: $0) }
        }
        let state = field(PostgresDiagnostic.sqlState) ?? ""
        let message = field(PostgresDiagnostic.primary) ?? ""
        let severity = field(PostgresDiagnostic.severity) ?? ""
        // ERRCODE_QUERY_CANCELED or ERRCODE_ADMIN_SHUTDOWN as a mere warning has one source: SyncRepWaitForLSN.
        if severity == "WARNING", state == "57014" || state == "57P01" {
            unconfirmedCommit = PostgresError(
                sqlState: state, severity: .warning,
                message: "committed here, but the wait for a synchronous standby was cut short", resultUnknown: true,
                sensitiveDetail: message)
        }
        // The text is left out: RAISE NOTICE may say anything.
        logger.debug("notice from the database", metadata: ["severity": "\(severity)", "sqlstate": "\(state)"])
    }
}

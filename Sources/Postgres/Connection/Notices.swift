import CPostgres
import Logging

/// Gathers the notices of one connection. libpq calls it on the connection's thread only, while that thread is inside libpq.
final class Notices {
    /// Set when a commit was made here but its wait for a synchronous standby was cut short: it arrives as a warning on success.
    private(set) var unconfirmedCommit: PostgresError?
    /// The server ended the session while nothing ran: libpq passes that on as a notice.
    private(set) var isEnded = false
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
        // The warning has the SQLSTATE of any warning (01000) and a text that is translated; the place in the server's source tells it.
        if severity == "WARNING", field(PostgresDiagnostic.function) == "SyncRepWaitForLSN" {
            unconfirmedCommit = PostgresError(
                sqlState: "40003", severity: .warning,
                message: "committed here, but the wait for a synchronous standby was cut short", resultUnknown: true,
                sensitiveDetail: message)
        }
        if severity == "FATAL" || severity == "PANIC" { isEnded = true }
        // The text is left out: RAISE NOTICE may say anything.
        logger.debug("notice from the database", metadata: ["severity": "\(severity)", "sqlstate": "\(state)"])
    }
}

import Canonical
import Postgres
import Tlog

extension Ledger {
    /// Runs `body` on both logs of a clinic as they stand at this moment: one repeatable-read snapshot, whatever is appended or erased meanwhile.
    /// It keeps a connection; the database keeps what is erased meanwhile until it ends.
    /// - Throws: `LedgerError`, and what `body` throws.
    public func withSnapshot<T: Sendable>(
        of clinic: String, _ body: @Sendable (LogSources) async throws -> T
    ) async throws -> T {
        guard let record = LogName(clinic: clinic), let access = LogName(clinic: clinic, kind: .access) else {
            throw LedgerError.malformed("a clinic's name is 1 to 63 of a-z, 0-9 and -")
        }
        return try await perform { connection in
            try await connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0")
            do {
                let logs = LogSources(
                    record: try await StoredLogSource(record, connection), access: try await StoredLogSource(access, connection))
                guard logs.record.size > 0 || logs.access.size > 0 else { throw LedgerError.unknownLog(record) }
                let value = try await body(logs)
                try await connection.script("COMMIT")
                return value
            } catch {
                try? await connection.script("ROLLBACK")
                throw error
            }
        }
    }
}

/// A log in the database, within a transaction that somebody else ends.
struct StoredLogSource: LogSource {
    let log: LogName
    let size: Int64
    private let number: Int32
    private let connection: Connection

    init(_ log: LogName, _ connection: Connection) async throws {
        self.log = log
        self.connection = connection
        let row = try await connection.query(
            "SELECT log_id, size FROM dripline.logs WHERE clinic = $1 AND log = $2", [log.clinic, log.kind.rawValue]
        ).first
        (number, size) = try row?.decode(Int32.self, Int64.self) ?? (0, 0)
    }

    func reduce<State: Sendable>(
        upTo: Int64, into state: State, _ take: @Sendable (inout State, LogRecord) throws -> Void
    ) async throws -> State {
        try await copy(upTo: min(upTo, size), into: state, take, on: connection)
    }

    private func copy<State: Sendable>(
        upTo: Int64, into initial: State, _ take: @Sendable (inout State, LogRecord) throws -> Void, on connection: isolated Connection
    ) throws -> State {
        // COPY takes no parameters; these are integers. How commands are registered is `verify`'s business.
        let sql = """
            COPY (SELECT \(StoredEventRow.columns) FROM dripline.events e \
            WHERE e.log_id = \(number) AND e.position <= \(upTo) ORDER BY e.position) TO STDOUT (FORMAT binary)
            """
        var state = initial
        _ = try connection.copyOut(sql) { row in
            let record = try row.withFields(StoredEventRow.fieldCount(isRegistered: false)) { try StoredEventRow($0, $1).record(of: log) }
            try take(&state, record)
        }
        return state
    }

    func checkpoint(upTo last: Int64) async throws -> SignedCheckpoint? {
        do {
            return try await Ledger.checkpoint(number, upTo: last, on: connection)
        } catch is NoteError {
            return nil
        }
    }

    func records(at positions: [Int64]) async throws -> [LogRecord] {
        guard !positions.isEmpty else { return [] }
        let sql = """
            SELECT e.position, e.entry, e.payload, e.salt, e.override_reason FROM dripline.events e \
            WHERE e.log_id = $1 AND e.position = ANY ($2) AND e.position <= $3 ORDER BY e.position
            """
        return try await connection.query(sql, [number, positions, size]).map { row in
            let (position, entry, payload, salt, reason) = try row.decode(
                Int64.self, String.self, JSONText?.self, [UInt8]?.self, String?.self)
            return LogRecord(position: position, entry: entry, payload: payload?.text, salt: salt, overrideReason: reason)
        }
    }
}

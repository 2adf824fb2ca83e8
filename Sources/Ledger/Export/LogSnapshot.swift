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
            try await connection.snapshot { name in
                let snapshot = SharedSnapshot(name: name, settings: pool.settings, logger: logger)
                let (record, access) = (
                    try await StoredLogSource(record, connection), try await StoredLogSource(access, connection)
                )
                guard record.size > 0 || access.size > 0 else { throw LedgerError.unknownLog(record.log) }
                let logs = LogSources(record: record, access: access) {
                    let other = try await snapshot.connect()
                    return OpenedLogs(logs: LogSources(record: record.on(other), access: access.on(other))) { await other.close() }
                }
                return try await body(logs)
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

    private init(_ log: LogName, size: Int64, number: Int32, _ connection: Connection) {
        self.log = log
        self.size = size
        self.number = number
        self.connection = connection
    }

    /// The same log through another connection, which must read at the same moment.
    func on(_ connection: Connection) -> StoredLogSource { StoredLogSource(log, size: size, number: number, connection) }

    func reduce<State: Sendable>(
        after: Int64?, upTo: Int64, into state: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State {
        // COPY takes no parameters; these are integers. How commands are registered is `verify`'s business.
        let start = after.map { "e.position > \($0) AND " } ?? ""
        let sql = """
            SELECT \(StoredEventRow.columns) FROM dripline.events e \
            WHERE e.log_id = \(number) AND \(start)e.position <= \(min(upTo, size))
            """
        return try await copy(sql, fields: StoredEventRow.fieldCount(isRegistered: false), into: state, on: connection) {
            try take(&$0, try StoredEventRow($1, $2).record(of: log))
        }
    }

    func reduce<State: Sendable>(
        at positions: [Int64], into state: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State {
        guard !positions.isEmpty else { return state }
        let list = positions.lazy.map(String.init).joined(separator: ",")
        let sql = """
            SELECT e.position, e.entry, e.payload, e.salt, e.override_reason FROM dripline.events e \
            WHERE e.log_id = \(number) AND e.position = ANY ('{\(list)}'::bigint[]) AND e.position <= \(size)
            """
        return try await copy(sql, fields: 5, into: state, on: connection) { state, bytes, fields in
            guard let position = bytes[fields[0]], position.count == 8, let entry = bytes[fields[1]] else {
                throw RowError.copy("an event has a position and an entry")
            }
            try take(
                &state,
                RecordBytes(
                    position: Int64(bigEndian: position.loadUnaligned(as: Int64.self)), entry: entry, payload: bytes[fields[2]],
                    salt: bytes[fields[3]], reason: bytes[fields[4]]))
        }
    }

    private func copy<State: Sendable>(
        _ sql: String, fields: Int, into initial: State, on connection: isolated Connection,
        _ take: @Sendable (inout State, UnsafeRawBufferPointer, UnsafeBufferPointer<CopyField>) throws -> Void
    ) throws -> State {
        var state = initial
        _ = try connection.copyOut("COPY (\(sql) ORDER BY e.position) TO STDOUT (FORMAT binary)") { row in
            try row.withFields(fields) { try take(&state, $0, $1) }
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
}

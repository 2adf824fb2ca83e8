public import Postgres

extension Ledger {
    /// A page of events, in position order; shorter than the limit only at the end.
    public func events(of log: LogName, _ query: EventQuery) async throws -> [StoredEvent] {
        guard let number = try await number(of: log) else { return [] }
        let (sql, parameters) = query.statement(log: number)
        return try await perform { connection in
            try await connection.query(sql, parameters).map { try StoredEvent(row: $0) }
        }
    }

    /// The whole of each of these streams up to a position, in position order. Streams without events are missing from the answer.
    public func streams(_ streams: [String], of log: LogName, upTo: Int64? = nil) async throws -> [String: [StoredEvent]] {
        guard !streams.isEmpty, let number = try await number(of: log) else { return [:] }
        return try await perform { connection in
            try await Ledger.streams(streams, number: number, upTo: upTo, on: connection)
        }
    }

    /// As `streams(_:of:upTo:)`, on a connection of the caller's, in the caller's transaction.
    public static func streams(
        _ streams: [String], number: Int32, upTo: Int64?, on connection: isolated Connection
    ) throws -> [String: [StoredEvent]] {
        var found: [String: [StoredEvent]] = [:]
        var reading: [StoredEvent] = []
        try readStreams(Set(streams).sorted(), number: number, upTo: upTo, on: connection) { event in
            if let last = reading.last, last.stream != event.stream {
                found[last.stream] = reading
                reading = []
            }
            reading.append(event)
        }
        if let last = reading.last { found[last.stream] = reading }
        return found
    }

    /// The events of these streams up to a position, stream by stream, each in position order.
    ///
    /// - Parameters:
    ///   - streams: each once; the events of all of them are in memory, in the server's form, while they are read.
    ///   - versions: by stream, the version after which it is read; from its beginning where there is none.
    public static func readStreams(
        _ streams: [String], after versions: [String: Int64] = [:], number: Int32, upTo: Int64?, on connection: isolated Connection,
        _ body: (StoredEvent) throws -> Void
    ) throws {
        let sql = "SELECT \(StoredEvent.columns) FROM dripline.stream_events($1, $2, $3, $4) AS e"
        var reader = StoredEventReader()
        for row in try connection.query(sql, [number, streams, streams.map { versions[$0] ?? 0 }, upTo ?? Int64.max]) {
            try body(try reader.read(row))
        }
    }

    /// The streams with an event that concerns `subject`, e.g. the sessions of a patient, in the order of their first such event.
    public func streams(concerning subject: String, of log: LogName, upTo: Int64? = nil) async throws -> [String] {
        guard let number = try await number(of: log) else { return [] }
        return try await perform { connection in
            try await Ledger.streams(concerning: [subject], number: number, upTo: upTo, on: connection)
        }
    }

    public static func streams(
        concerning subjects: [String], number: Int32, upTo: Int64?, on connection: isolated Connection
    ) throws -> [String] {
        let sql = """
            SELECT e.stream FROM dripline.events e \
            WHERE e.log_id = $1 AND e.subject = ANY ($2) AND e.position <= $3 GROUP BY e.stream ORDER BY min(e.position)
            """
        return try connection.query(sql, [number, subjects, upTo ?? Int64.max]).map { try $0.decode(String.self) }
    }

    /// For each of these streams the other streams that its events concern: a session's patient. Streams that concern none are missing.
    public func subjects(of streams: some Collection<String>, in log: LogName) async throws -> [String: Set<String>] {
        guard !streams.isEmpty, let number = try await number(of: log) else { return [:] }
        let names = Array(streams)
        let rows = try await perform { connection in
            try await connection.query(
                "SELECT DISTINCT e.stream, e.subject FROM dripline.events e "
                    + "WHERE e.log_id = $1 AND e.stream = ANY ($2) AND e.subject IS NOT NULL", [number, names])
        }
        return try rows.reduce(into: [:]) { found, row in
            let (stream, subject) = try row.decode(String.self, String.self)
            found[stream, default: []].insert(subject)
        }
    }

    /// Where the log ends now.
    public func head(of log: LogName) async throws -> LogHead {
        let row = try await perform { connection in
            try await connection.query(
                "SELECT size FROM dripline.logs WHERE clinic = $1 AND log = $2", [log.clinic, log.kind.rawValue]
            ).first
        }
        return LogHead(log: log, size: try row?.decode(Int64.self) ?? 0)
    }

    /// Every log of this database with its end, by clinic.
    public func heads() async throws -> [LogHead] {
        let rows = try await perform { connection in
            try await connection.query("SELECT clinic, log, size FROM dripline.logs ORDER BY clinic, log DESC")
        }
        return try rows.compactMap { row in
            let (clinic, kind, size) = try row.decode(String.self, String.self, Int64.self)
            guard let kind = LogName.Kind(rawValue: kind), let log = LogName(clinic: clinic, kind: kind) else { return nil }
            return LogHead(log: log, size: size)
        }
    }
}

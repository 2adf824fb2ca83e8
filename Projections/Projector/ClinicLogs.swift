import Clinic
import Ledger
import Postgres

/// The logs of one clinic that a projection follows, by their numbers in the database. A log that nothing was appended to yet has none.
struct ClinicLogs: Sendable, Hashable {
    let clinic: String
    let numbers: [LogName.Kind: Int32]

    /// In a fixed order.
    var kinds: [LogName.Kind] { numbers.keys.sorted { $0.rawValue < $1.rawValue } }

    init(clinic: String, numbers: [LogName.Kind: Int32]) {
        self.clinic = clinic
        self.numbers = numbers
    }

    /// Those of every clinic, by the clinic's first log.
    /// - Parameter behind: only clinics with events beyond this generation's checkpoints.
    static func all(
        _ projection: any Projection.Type, behind generation: Generation? = nil, on connection: isolated Connection
    ) throws -> [ClinicLogs] {
        let sql = """
            SELECT l.clinic, max(l.log_id) FILTER (WHERE l.log = 'record'), max(l.log_id) FILTER (WHERE l.log = 'access') \
            FROM dripline.logs l LEFT JOIN projections.checkpoints c \
            ON c.name = $1 AND c.generation = $2 AND c.clinic = l.clinic AND c.log = l.log \
            WHERE l.log = ANY ($3) GROUP BY l.clinic HAVING $2 IS NULL OR bool_or(l.size > coalesce(c.position, 0)) ORDER BY min(l.log_id)
            """
        return try connection.query(sql, [projection.name, generation?.rawValue, projection.followedNames]).map { try ClinicLogs($0) }
    }

    /// Those of every clinic that any of the projections follows.
    static func all(_ projections: [any Projection.Type], on connection: isolated Connection) throws -> [ClinicLogs] {
        let sql = """
            SELECT clinic, max(log_id) FILTER (WHERE log = 'record'), max(log_id) FILTER (WHERE log = 'access') \
            FROM dripline.logs WHERE log = ANY ($1) GROUP BY clinic ORDER BY min(log_id)
            """
        return try connection.query(sql, [Set(projections.flatMap { $0.followedNames }).sorted()]).map { try ClinicLogs($0) }
    }

    private init(_ row: Row) throws {
        let (clinic, record, access) = try row.decode(String.self, Int32?.self, Int32?.self)
        var numbers: [LogName.Kind: Int32] = [:]
        numbers[.record] = record
        numbers[.access] = access
        self.init(clinic: clinic, numbers: numbers)
    }

    /// The last erasure in each log; 0 for none.
    func erasures(on connection: isolated Connection) throws -> LogPositions {
        let sql = """
            SELECT u.kind, coalesce(( \
                SELECT e.position FROM dripline.events e WHERE e.log_id = u.log_id AND e.type = 'PayloadErased' \
                ORDER BY e.position DESC LIMIT 1), 0) \
            FROM unnest($1::text[], $2::integer[]) AS u (kind, log_id)
            """
        return try connection.query(sql, [kinds.map(\.rawValue), kinds.compactMap { numbers[$0] }]).reduce(into: LogPositions()) {
            let (kind, position) = try $1.decode(String.self, Int64.self)
            if let kind = LogName.Kind(rawValue: kind) { $0[kind] = position }
        }
    }

    /// When the last event of each log up to these positions was recorded; nothing for a log before its first.
    func recorded(upTo positions: LogPositions, on connection: isolated Connection) throws -> [LogName.Kind: SQLTimestamp] {
        let sql = """
            SELECT u.kind, e.recorded_at FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS u (kind, log_id, position) \
            JOIN dripline.events e ON e.log_id = u.log_id AND e.position = u.position
            """
        let rows = try connection.query(sql, [kinds.map(\.rawValue), kinds.compactMap { numbers[$0] }, kinds.map { positions[$0] }])
        return try rows.reduce(into: [:]) { recorded, row in
            let (kind, time) = try row.decode(String.self, SQLTimestamp.self)
            if let kind = LogName.Kind(rawValue: kind) { recorded[kind] = time }
        }
    }
}

/// A position in each log of a clinic: what lies behind it is folded in, or looked at.
struct LogPositions: Sendable, Hashable {
    var record: Int64 = 0
    var access: Int64 = 0

    subscript(kind: LogName.Kind) -> Int64 {
        get {
            switch kind {
            case .record: record
            case .access: access
            }
        }
        set {
            switch kind {
            case .record: record = newValue
            case .access: access = newValue
            }
        }
    }
}

extension Projection {
    /// The logs that a change of its rows can come from: those it declares, and the record where it asks for a context.
    static var followed: Set<LogName.Kind> { context.isEmpty ? logs : logs.union([.record]) }
    static var followedNames: [String] { followed.map(\.rawValue).sorted() }

    /// The kinds of stream that it keeps rows for and that stand in a log.
    static func streams(in log: LogName.Kind) -> [String] {
        logs.contains(log) ? streams.filter { LogName.Kind(holding: $0) == log }.map(\.rawValue).sorted() : []
    }

    /// Whether it has rows for a stream of this name.
    static func keeps(_ stream: String) -> Bool {
        StreamID(stream).map { keeps($0) } ?? false
    }

    static func keeps(_ stream: StreamID) -> Bool {
        streams.contains(stream.kind) && logs.contains(LogName.Kind(holding: stream.kind))
    }
}

extension LogName.Kind {
    /// The log that streams of this kind stand in.
    init(holding kind: StreamKind) { self = kind == .access ? .access : .record }
}

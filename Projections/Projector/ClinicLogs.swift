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
        return try connection.query(sql, [projection.name, generation?.rawValue, projection.followedNames]).map { row in
            let (clinic, record, access) = try row.decode(String.self, Int32?.self, Int32?.self)
            var numbers: [LogName.Kind: Int32] = [:]
            numbers[.record] = record
            numbers[.access] = access
            return ClinicLogs(clinic: clinic, numbers: numbers)
        }
    }

    /// When the last event up to these positions was recorded, in whichever log; nil before the first.
    func recorded(upTo positions: LogPositions, on connection: isolated Connection) throws -> SQLTimestamp? {
        let sql = """
            SELECT max(e.recorded_at) FROM unnest($1::integer[], $2::bigint[]) AS u (log_id, position) \
            JOIN dripline.events e ON e.log_id = u.log_id AND e.position = u.position
            """
        let row = try connection.query(sql, [kinds.compactMap { numbers[$0] }, kinds.map { positions[$0] }]).first
        return try row?.value(0, as: SQLTimestamp?.self)
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
        StreamID(stream).map { streams.contains($0.kind) && logs.contains(LogName.Kind(holding: $0.kind)) } ?? false
    }
}

extension LogName.Kind {
    /// The log that streams of this kind stand in.
    init(holding kind: StreamKind) { self = kind == .access ? .access : .record }
}

public import Canonical
import Clinic
import Ledger
import Postgres

/// How much of a clinic's two logs is looked at. Each bound is inclusive; nil means no bound. They are independent and may be combined.
public struct AsOf: Sendable, Hashable {
    /// A position of the clinical record.
    public var record: Int64?
    /// A position of the access log; nil, where `record` is given, for what had been recorded of accesses by then.
    public var access: Int64?
    /// Time of knowledge: whatever was recorded after it is left out, of both logs.
    public var knownAt: Timestamp?
    /// Clinical time: what occurred after it is left out, with its corrections. Corrections of what occurred before are exempt.
    public var at: Timestamp?

    public init(record: Int64? = nil, access: Int64? = nil, knownAt: Timestamp? = nil, at: Timestamp? = nil) {
        self.record = record
        self.access = access
        self.knownAt = knownAt
        self.at = at
    }
}

/// Bounds as they fall on the logs of a clinic.
struct ResolvedAsOf: Sendable, Hashable {
    let logs: ClinicLogs
    /// The last position of each log within the bounds.
    let positions: LogPositions
    /// What a dossier's clock says: see `DossierPages.asOf`.
    let asOf: Timestamp?
    let at: Timestamp?

    init(_ bounds: AsOf, logs: ClinicLogs, on connection: isolated Connection) throws {
        self.logs = logs
        at = bounds.at
        var ends = LogPositions()
        for kind in logs.kinds {
            let asked = kind == .record ? bounds.record : bounds.access
            ends[kind] = min(asked ?? .max, try ResolvedAsOf.size(of: logs.numbers[kind] ?? 0, on: connection))
        }
        if bounds.record != nil, bounds.access == nil, let accesses = logs.numbers[.access], let records = logs.numbers[.record] {
            // Otherwise accesses of later would be judged by a record that does not know of them yet.
            let then = try ResolvedAsOf.recorded(ends.record, number: records, on: connection)
            ends.access = try then.map { try ResolvedAsOf.last(by: $0, upTo: ends.access, number: accesses, on: connection) } ?? 0
        }
        // By the positions alone: the log went on until then, whatever was known at `knownAt`.
        let recorded = try logs.recorded(upTo: ends, on: connection).values.max().map { Timestamp($0) }
        asOf = recorded.map { min($0, bounds.knownAt ?? $0, bounds.at ?? $0) }
        if let knownAt = bounds.knownAt {
            for kind in logs.kinds {
                ends[kind] = try ResolvedAsOf.last(
                    by: knownAt, upTo: ends[kind], number: logs.numbers[kind] ?? 0, on: connection)
            }
        }
        positions = ends
    }

    private static func size(of number: Int32, on connection: isolated Connection) throws -> Int64 {
        try connection.query("SELECT size FROM dripline.logs WHERE log_id = $1", [number]).first?.value(0, as: Int64.self) ?? 0
    }

    private static func recorded(_ position: Int64, number: Int32, on connection: isolated Connection) throws -> Timestamp? {
        let sql = "SELECT recorded_at FROM dripline.events WHERE log_id = $1 AND position = $2"
        return try connection.query(sql, [number, position]).first.map { Timestamp(try $0.value(0, as: SQLTimestamp.self)) }
    }

    /// The last position that was recorded by an instant: by halves, because `recorded_at` never decreases along a log and has no index.
    private static func last(
        by instant: Timestamp, upTo end: Int64, number: Int32, on connection: isolated Connection
    ) throws -> Int64 {
        var (low, high) = (Int64(0), max(0, end))
        while low < high {
            let middle = low + (high - low + 1) / 2
            let row = try connection.query(
                "SELECT recorded_at <= $3 FROM dripline.events WHERE log_id = $1 AND position = $2",
                [number, middle, SQLTimestamp(microseconds: instant.microseconds)]
            ).first
            if try row?.value(0, as: Bool.self) ?? false { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

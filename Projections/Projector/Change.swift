import Canonical
import Clinic
import Ledger
import Postgres

/// What a stretch of the log changes: the streams whose rows must be folded again.
struct Change {
    /// Streams with new events.
    var streams: Set<String> = []
    /// Patients with new events, whose sessions may judge differently.
    var patients: Set<String> = []
    /// The clinic's stream changed what holds from this instant on; nil where it did not.
    var clinicSince: Timestamp?
    /// The last position of the stretch; nil when there is nothing new.
    var last: Int64?
    var events = 0

    /// Reads up to `limit` events after a position, without their payloads.
    init(after: Int64, limit: Int, number: Int32, on connection: isolated Connection) throws {
        let sql = """
            SELECT e.position, e.stream, e.type, e.occurred_at FROM dripline.events e \
            WHERE e.log_id = $1 AND e.position > $2 ORDER BY e.position LIMIT $3
            """
        for row in try connection.query(sql, [number, after, Int64(limit)]) {
            let (position, stream, type, occurred) = try row.decode(Int64.self, String.self, String.self, SQLTimestamp.self)
            last = position
            events += 1
            streams.insert(stream)
            if stream.hasPrefix("patient/") { patients.insert(stream) }
            if stream == StreamID.clinic.description {
                // A correction may reach back to any time; anything else holds from when it occurred.
                let isCorrection = type == EventType.eventAmended.rawValue || type == EventType.eventVoided.rawValue
                let since = Timestamp(microseconds: isCorrection ? .min : occurred.microseconds)
                clinicSince = min(clinicSince ?? since, since)
            }
        }
    }

    /// The streams to fold again for one projection, sorted.
    func affected(_ projection: any Projection.Type, upTo: Int64, number: Int32, on connection: isolated Connection) throws -> [String] {
        var affected = streams
        if projection.context.contains(.patient), !patients.isEmpty {
            affected.formUnion(try Ledger.streams(concerning: Array(patients), number: number, upTo: upTo, on: connection))
        }
        if projection.context.contains(.clinic), let clinicSince {
            // Rare: a policy, a form, a member of staff. No index is kept for it.
            let sql = "SELECT DISTINCT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.position <= $2 AND e.occurred_at >= $3"
            let since = SQLTimestamp(microseconds: max(clinicSince.microseconds, Change.earliest))
            for row in try connection.query(sql, [number, upTo, since]) { affected.insert(try row.value(0)) }
        }
        return affected.filter { projection.keeps($0) }.sorted()
    }

    /// 0001-01-01: before anything that a clinic records.
    private static let earliest: Int64 = -62_135_596_800_000_000
}

extension Projection {
    /// Whether it has rows for a stream of this name.
    static func keeps(_ stream: String) -> Bool { StreamID(stream).map { streams.contains($0.kind) } ?? false }
}

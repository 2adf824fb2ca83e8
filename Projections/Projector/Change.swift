import Canonical
import Clinic
import Ledger
import Postgres

/// What a stretch of a clinic's logs changes: the streams whose rows must be folded again.
struct Change {
    /// Streams with new events.
    private(set) var streams: Set<String> = []
    /// The clinic's stream changed what holds from this instant on; nil where it did not.
    private(set) var clinicSince: Timestamp?
    /// Patients whose data was erased: their streams.
    private(set) var erased: Set<String> = []
    /// An inventory counts every vial, whenever it was last touched.
    private(set) var hasInventory = false
    /// The last position of the stretch in each log; where it was before when there is nothing new.
    private(set) var upTo: LogPositions
    private(set) var events = 0

    /// Reads up to `limit` events of each log after a position, without their payloads.
    init(after: LogPositions, limit: Int, logs: ClinicLogs, on connection: isolated Connection) throws {
        upTo = after
        let sql = """
            SELECT e.position, e.stream, e.type, e.occurred_at FROM dripline.events e \
            WHERE e.log_id = $1 AND e.position > $2 ORDER BY e.position LIMIT $3
            """
        for kind in logs.kinds {
            guard let number = logs.numbers[kind] else { continue }
            for row in try connection.query(sql, [number, after[kind], Int64(limit)]) {
                let (position, stream, type, occurred) = try row.decode(Int64.self, String.self, String.self, SQLTimestamp.self)
                upTo[kind] = position
                take(stream, type, occurred)
            }
        }
    }

    private mutating func take(_ stream: String, _ type: String, _ occurred: SQLTimestamp) {
        events += 1
        streams.insert(stream)
        if type == EventType.payloadErased.rawValue, let id = StreamID(stream)?.id { erased.insert(StreamID.patient(id).description) }
        guard stream == StreamID.clinic.description else { return }
        if type == EventType.inventoryTaken.rawValue { hasInventory = true }
        // A correction may reach back to any time; anything else holds from when it occurred.
        let isCorrection = type == EventType.eventAmended.rawValue || type == EventType.eventVoided.rawValue
        let since = Timestamp(microseconds: isCorrection ? .min : occurred.microseconds)
        clinicSince = min(clinicSince ?? since, since)
    }

    /// The streams to fold again for one projection, sorted.
    func affected(_ projection: any Projection.Type, logs: ClinicLogs, on connection: isolated Connection) throws -> [String] {
        var affected = streams
        let patients = streams.filter { $0.hasPrefix("patient/") }
        if !erased.isEmpty { affected.formUnion(try emptied(logs: logs, on: connection)) }
        if projection.context.contains(.patient), !patients.isEmpty, let number = logs.numbers[.record] {
            affected.formUnion(try Ledger.streams(concerning: Array(patients), number: number, upTo: upTo.record, on: connection))
        }
        var sessions = streams.filter { $0.hasPrefix("session/") }
        if projection.context.contains(.clinic), let clinicSince {
            let concerned = try streams(since: clinicSince, logs: logs, on: connection)
            affected.formUnion(concerned)
            sessions.formUnion(concerned.filter { $0.hasPrefix("session/") })
        }
        let brings = !projection.context.isDisjoint(with: [.sessions, .patientSessions])
        if brings, !sessions.isEmpty, let number = logs.numbers[.record] {
            affected.formUnion(try owners(of: sessions.sorted(), number: number, on: connection))
        }
        if hasInventory, projection.context.contains(.clinic), projection.streams.contains(.vial), let number = logs.numbers[.record] {
            affected.formUnion(try vials(number: number, on: connection))
        }
        return affected.filter { projection.keeps($0) }.sorted()
    }

    /// The streams of both logs on which something happened since an instant. Rare: a policy, a form, a member of staff. No index is kept for it.
    private func streams(since: Timestamp, logs: ClinicLogs, on connection: isolated Connection) throws -> Set<String> {
        let sql = "SELECT DISTINCT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.position <= $2 AND e.occurred_at >= $3"
        let since = SQLTimestamp(microseconds: max(since.microseconds, Change.earliest))
        var found: Set<String> = []
        for kind in logs.kinds {
            guard let number = logs.numbers[kind] else { continue }
            for row in try connection.query(sql, [number, upTo[kind], since]) { found.insert(try row.value(0)) }
        }
        return found
    }

    /// The streams of both logs on which an erasure took data away, or whose rows rest on such: it left no event there.
    private func emptied(logs: ClinicLogs, on connection: isolated Connection) throws -> Set<String> {
        let concerning = """
            SELECT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.position <= $2 AND e.subject = ANY ($3)
            """
        var found: Set<String> = []
        for kind in logs.kinds {
            guard let number = logs.numbers[kind] else { continue }
            for row in try connection.query(concerning, [number, upTo[kind], erased.sorted()]) { found.insert(try row.value(0)) }
        }
        guard let number = logs.numbers[.record] else { return found }
        let sessions = found.filter { $0.hasPrefix("session/") }.sorted()
        return found.union(try owners(of: sessions, number: number, on: connection))
    }

    /// Every vial of the clinic.
    private func vials(number: Int32, on connection: isolated Connection) throws -> [String] {
        let sql = """
            SELECT DISTINCT e.stream FROM dripline.events e \
            WHERE e.log_id = $1 AND e.position <= $2 AND starts_with(e.stream, 'vial/')
            """
        return try connection.query(sql, [number, upTo.record]).map { try $0.value(0, as: String.self) }
    }

    /// The vials and patients that sessions name, and the vials that name the sessions.
    private func owners(of sessions: [String], number: Int32, on connection: isolated Connection) throws -> [String] {
        let sql = """
            SELECT e.subject FROM dripline.events e \
            WHERE e.log_id = $1 AND e.stream = ANY ($2) AND e.position <= $3 AND e.subject IS NOT NULL \
            UNION SELECT e.stream FROM dripline.events e \
            WHERE e.log_id = $1 AND e.subject = ANY ($2) AND e.position <= $3 AND starts_with(e.stream, 'vial/')
            """
        return try connection.query(sql, [number, sessions, upTo.record]).map { try $0.value(0, as: String.self) }
    }

    /// 0001-01-01: before anything that a clinic records.
    private static let earliest: Int64 = -62_135_596_800_000_000
}

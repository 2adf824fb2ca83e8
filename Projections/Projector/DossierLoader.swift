import Canonical
import Clinic
import Ledger
import Postgres

/// Reads dossiers from the logs of one clinic, for one projection: streams with what their rows depend on, all up to one position in each log.
struct DossierLoader: Sendable {
    let projection: any Projection.Type
    let logs: ClinicLogs
    let upTo: LogPositions
    /// Bounds in time, for every history of a dossier.
    let bounds: History.Bounds
    let asOf: Timestamp?
    /// The clinic's own history up to `upTo`, once it was asked for: every stream of the clinic shares it.
    private var clinicHistory: History?

    var clinic: String { logs.clinic }

    /// Up to these positions; all that is known there counts.
    init(projection: any Projection.Type, logs: ClinicLogs, upTo: LogPositions, on connection: isolated Connection) throws {
        let recorded = try logs.recorded(upTo: upTo, on: connection)
        self.init(projection: projection, logs: logs, upTo: upTo, asOf: recorded.map { Timestamp($0) })
    }

    init(projection: any Projection.Type, logs: ClinicLogs, upTo: LogPositions, bounds: History.Bounds = .init(), asOf: Timestamp?) {
        self.projection = projection
        self.logs = logs
        self.upTo = upTo
        self.bounds = bounds
        self.asOf = asOf
    }

    /// - Parameter streams: few enough to be held in memory with their histories.
    /// - Returns: the dossiers in the order of `streams`; none for a stream that has no event within the bounds.
    mutating func dossiers(of streams: [String], on connection: isolated Connection) throws -> [Dossier] {
        var histories = try histories(of: streams, on: connection)
        let patients = projection.context.contains(.patient) ? DossierLoader.patients(of: histories) : [:]
        let sessions = try sessions(of: streams.filter(bringsSessions), on: connection)
        let missing = Set(patients.values).union(sessions.values.joined()).subtracting(histories.keys)
        histories.merge(try self.histories(of: missing.sorted(), on: connection)) { known, _ in known }
        let shared = projection.context.contains(.clinic) && !streams.isEmpty ? try clinicHistory(on: connection) : History()
        return streams.compactMap { stream in
            guard let id = StreamID(stream), let history = histories[stream], !history.events.isEmpty else { return nil }
            var drawing: [StreamID: History] = [:]
            for session in sessions[stream] ?? [] {
                guard let id = StreamID(session), let history = histories[session], history.version > 0 else { continue }
                drawing[id] = history
            }
            return Dossier(
                clinic: clinic, stream: id, history: history, patient: patients[stream].flatMap { histories[$0] } ?? History(),
                clinicHistory: shared, sessions: drawing, asOf: asOf)
        }
    }

    private func histories(of streams: [String], on connection: isolated Connection) throws -> [String: History] {
        var histories: [String: History] = [:]
        for kind in logs.kinds {
            let here = streams.filter { stream in StreamID(stream).map { LogName.Kind(holding: $0.kind) == kind } ?? false }
            guard let number = logs.numbers[kind], !here.isEmpty else { continue }
            for (stream, stored) in try Ledger.streams(here, number: number, upTo: upTo[kind], on: connection) {
                histories[stream] = try History(stored: stored, clinic: clinic, bounds: bounds)
            }
        }
        return histories
    }

    private mutating func clinicHistory(on connection: isolated Connection) throws -> History {
        if let clinicHistory { return clinicHistory }
        let stream = StreamID.clinic.description
        let history = try histories(of: [stream], on: connection)[stream] ?? History()
        clinicHistory = history
        return history
    }

    /// For each session among the streams, the stream of the patient whom its facts in force name: a voided booking names nobody.
    private static func patients(of histories: [String: History]) -> [String: String] {
        var patients: [String: String] = [:]
        for (stream, history) in histories where StreamID(stream)?.kind == .session {
            if let patient = SessionState(history).patient { patients[stream] = StreamID.patient(patient).description }
        }
        return patients
    }

    private func bringsSessions(_ stream: String) -> Bool {
        switch StreamID(stream)?.kind {
        case .vial: projection.context.contains(.sessions)
        case .patient: projection.context.contains(.patientSessions)
        default: false
        }
    }

    /// For each vial or patient, the sessions that an event of either names the other in, also one that was corrected since.
    private func sessions(of owners: [String], on connection: isolated Connection) throws -> [String: Set<String>] {
        guard let number = logs.numbers[.record], !owners.isEmpty else { return [:] }
        let sql = """
            SELECT e.subject, e.stream FROM dripline.events e \
            WHERE e.log_id = $1 AND e.subject = ANY ($2) AND e.position <= $3 AND starts_with(e.stream, 'session/') \
            UNION SELECT e.stream, e.subject FROM dripline.events e \
            WHERE e.log_id = $1 AND e.stream = ANY ($2) AND e.position <= $3 AND starts_with(e.subject, 'session/')
            """
        return try connection.query(sql, [number, owners, upTo.record]).reduce(into: [:]) { sessions, row in
            let (owner, session) = try row.decode(String.self, String.self)
            sessions[owner, default: []].insert(session)
        }
    }
}

/// Streams in parts that memory holds with all that their rows depend on.
enum StreamPages {
    /// Streams whose histories are in memory at once. A vial weighs as much as so many, because it brings its sessions along; so does a patient, where
    /// theirs come too.
    static let maximumStreams = 128
    static let weightOfVial = 16

    static func split(_ streams: [String], for projection: any Projection.Type) -> [ArraySlice<String>] {
        let patientsAreHeavy = projection.context.contains(.patientSessions)
        var pages: [ArraySlice<String>] = []
        var (start, weight) = (streams.startIndex, 0)
        for index in streams.indices {
            let isHeavy = streams[index].hasPrefix("vial/") || (patientsAreHeavy && streams[index].hasPrefix("patient/"))
            let own = isHeavy ? weightOfVial : 1
            if weight + own > maximumStreams, index > start {
                pages.append(streams[start..<index])
                (start, weight) = (index, 0)
            }
            weight += own
        }
        if start < streams.endIndex { pages.append(streams[start...]) }
        return pages
    }
}

import Canonical
import Clinic
import Ledger
import Postgres

/// Reads dossiers from the logs of one clinic, for one or several projections at once: streams with what their rows depend on, all up to one
/// position in each log.
struct DossierLoader: Sendable {
    let logs: ClinicLogs
    let upTo: LogPositions
    /// Bounds in time, for every history of a dossier.
    let bounds: History.Bounds
    /// For each projection, by its name, the time at which its dossiers are known.
    private let asOf: [String: Timestamp?]
    /// What any of the projections asks for.
    private let context: Set<DossierContext>
    /// Where the live projector keeps what it read before, and the state of the clinic's erasures.
    private var warm: (histories: WarmHistories, erasures: LogPositions)?
    /// The clinic's own history up to `upTo`, once it was asked for: every stream of the clinic shares it.
    private var clinicHistory: History?

    var clinic: String { logs.clinic }

    /// Up to these positions; all that is known there counts.
    /// - Parameter warm: for the live projector's steps.
    init(
        _ projections: [any Projection.Type], logs: ClinicLogs, upTo: LogPositions, warm: WarmHistories? = nil,
        on connection: isolated Connection
    ) throws {
        let recorded = try logs.recorded(upTo: upTo, on: connection)
        let asOf = projections.map { projection in
            (projection.name, projection.followed.compactMap { recorded[$0] }.max().map { Timestamp($0) })
        }
        self.init(projections, logs: logs, upTo: upTo, asOf: Dictionary(asOf) { first, _ in first })
        if let warm { self.warm = (warm, try logs.erasures(on: connection)) }
    }

    init(projection: any Projection.Type, logs: ClinicLogs, upTo: LogPositions, bounds: History.Bounds = .init(), asOf: Timestamp?) {
        self.init([projection], logs: logs, upTo: upTo, bounds: bounds, asOf: [projection.name: asOf])
    }

    private init(
        _ projections: [any Projection.Type], logs: ClinicLogs, upTo: LogPositions, bounds: History.Bounds = .init(),
        asOf: [String: Timestamp?]
    ) {
        self.logs = logs
        self.upTo = upTo
        self.bounds = bounds
        self.asOf = asOf
        context = projections.reduce(into: []) { $0.formUnion($1.context) }
    }

    /// The time at which the dossiers of a projection are known; nil for an empty log.
    func asOf(_ projection: any Projection.Type) -> Timestamp? { asOf[projection.name] ?? nil }

    /// - Parameter streams: few enough to be held in memory with their histories.
    /// - Returns: the dossiers in the order of `streams`; none for a stream that has no event within the bounds.
    mutating func dossiers(
        of streams: [String], for projection: any Projection.Type, on connection: isolated Connection
    ) throws -> [Dossier] {
        try load(streams, on: connection).dossiers(for: projection)
    }

    /// Reads streams once for all the projections.
    mutating func load(_ streams: [String], on connection: isolated Connection) throws -> LoadedStreams {
        var histories: [String: History] = [:]
        try read(streams, into: &histories, on: connection)
        let patients = context.contains(.patient) ? DossierLoader.patients(of: histories) : [:]
        let sessions = try sessions(of: streams.filter(bringsSessions), on: connection)
        let missing = Set(patients.values).union(sessions.values.joined()).subtracting(histories.keys)
        try read(missing.sorted(), into: &histories, on: connection)
        let shared = context.contains(.clinic) && !streams.isEmpty ? try clinicHistory(on: connection) : History()
        return LoadedStreams(
            loader: self, streams: streams, histories: histories, patients: patients, sessions: sessions, clinicHistory: shared)
    }

    private func read(_ streams: [String], into histories: inout [String: History], on connection: isolated Connection) throws {
        for kind in logs.kinds {
            let here = streams.filter { stream in StreamID(stream).map { LogName.Kind(holding: $0.kind) == kind } ?? false }
            guard let number = logs.numbers[kind], !here.isEmpty else { continue }
            let known = warm.map { $0.histories.find(here, of: clinic, upTo: upTo[kind], erasures: $0.erasures) } ?? [:]
            var read = known
            var reading = (stream: "", id: StreamID?.none, history: History(bounds: bounds))
            try Ledger.readStreams(here, after: known.mapValues(\.version), number: number, upTo: upTo[kind], on: connection) { stored in
                if stored.stream != reading.stream {
                    if !reading.stream.isEmpty { read[reading.stream] = reading.history }
                    // Taken out while it grows, so that it is appended to in place.
                    let begun = read.removeValue(forKey: stored.stream) ?? History(bounds: bounds)
                    reading = (stored.stream, StreamID(stored.stream), begun)
                }
                try reading.history.append(stored, of: reading.id, clinic: clinic)
            }
            if !reading.stream.isEmpty { read[reading.stream] = reading.history }
            if let warm { warm.histories.keep(read, of: clinic, erasures: warm.erasures) }
            histories.merge(read) { $1 }
        }
    }

    private mutating func clinicHistory(on connection: isolated Connection) throws -> History {
        if let clinicHistory { return clinicHistory }
        let stream = StreamID.clinic.description
        var histories: [String: History] = [:]
        try read([stream], into: &histories, on: connection)
        let history = histories[stream] ?? History()
        clinicHistory = history
        return history
    }

    /// For each session among the streams, the stream of the patient whom its facts in force name: a voided booking names nobody.
    private static func patients(of histories: [String: History]) -> [String: String] {
        var patients: [String: String] = [:]
        for (stream, history) in histories where stream.hasPrefix("session/") {
            if let patient = SessionState(history).patient { patients[stream] = StreamID.patient(patient).description }
        }
        return patients
    }

    private func bringsSessions(_ stream: String) -> Bool {
        stream.hasPrefix("vial/") && context.contains(.sessions) || stream.hasPrefix("patient/") && context.contains(.patientSessions)
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

/// Streams in memory, with all that the rows of any of the projections depend on.
struct LoadedStreams: Sendable {
    let loader: DossierLoader
    let streams: [String]
    let histories: [String: History]
    /// By the stream of a session.
    let patients: [String: String]
    /// By the stream of a vial or a patient.
    let sessions: [String: Set<String>]
    let clinicHistory: History

    /// The dossiers of the streams that a projection keeps rows for, in the order of the streams, each with what the projection asks for and no
    /// more. None for a stream that has no event within the bounds.
    func dossiers(for projection: any Projection.Type) -> [Dossier] {
        let (context, asOf) = (projection.context, loader.asOf(projection))
        let (clinic, nothing) = (context.contains(.clinic) ? clinicHistory : History(), History())
        return streams.compactMap { stream in
            guard let id = StreamID(stream), projection.keeps(id), let history = histories[stream], !history.events.isEmpty else {
                return nil
            }
            var brought: [StreamID: History] = [:]
            if context.contains(id.kind == .patient ? .patientSessions : .sessions) {
                for session in sessions[stream] ?? [] {
                    guard let id = StreamID(session), let history = histories[session], history.version > 0 else { continue }
                    brought[id] = history
                }
            }
            let patient = context.contains(.patient) ? patients[stream].flatMap { histories[$0] } : nil
            return Dossier(
                clinic: loader.clinic, stream: id, history: history, patient: patient ?? nothing, clinicHistory: clinic, sessions: brought,
                asOf: asOf)
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

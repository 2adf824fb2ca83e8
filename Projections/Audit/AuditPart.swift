import Canonical
import Clinic
import Foundation
import Ledger

/// What the streams of one page add to an audit.
struct AuditPart: Sendable {
    let work: AuditWork
    let number: Int
    var audit: Audit
    /// Events that this program cannot read.
    private(set) var unreadable: [LogName.Kind: [Replay.Fault]] = [:]
    /// Medical record numbers of the patients that were read.
    private(set) var mrns: [UUID: String] = [:]

    init(_ work: AuditWork, number: Int) {
        self.work = work
        self.number = number
        audit = Audit(scope: work.scope)
    }

    private var histories: AuditHistories { work.histories }

    /// - Parameter streams: few enough to be held in memory with all that they rest on.
    mutating func judge(_ streams: [AuditStream], from logs: LogSources) async throws {
        // All are read, so that what cannot be read is found; only those are judged that may belong to the period.
        let judged = streams.filter { histories.index($0.log).mayBelong($0.number) }
        var read = try await histories.read(streams.filter { $0 != work.clinicStream }, from: logs)
        if let clinic = work.clinicStream, streams.contains(clinic) { read.merge(work.clinic) }
        for stream in streams { unreadable[stream.log, default: []] += read.unreadable[stream] ?? [] }
        let (patients, others) = rest(of: judged, read)
        read.merge(try await histories.read(others, from: logs))
        for (stream, history) in read.histories where histories.place(stream).kind == .patient { note(history, of: stream) }
        for stream in judged { judge(stream, patients[stream], read) }
    }

    /// What streams rest on: the patients of sessions, and all streams that are still to be read.
    private func rest(of streams: [AuditStream], _ read: AuditReading) -> (patients: [AuditStream: StreamID], others: [AuditStream]) {
        var patients: [AuditStream: StreamID] = [:]
        var others: Set<AuditStream> = []
        for stream in streams {
            let place = histories.place(stream)
            switch place.kind {
            case .session:
                guard let patient = read.histories[stream].flatMap({ SessionState($0).patient }) else { continue }
                patients[stream] = .patient(patient)
                if let patient = histories.stream(.patient(patient)) { others.insert(patient) }
            case .access:
                for event in read.histories[stream]?.events ?? [] {
                    guard let subject = event.body.subject, subject.kind == .patient else { continue }
                    if let patient = histories.stream(subject) { others.insert(patient) }
                }
            case .vial: others.formUnion(place.sessions.map { AuditStream(log: stream.log, number: $0) })
            case .patient, .clinic, nil: break
            }
        }
        return (patients, others.filter { read.histories[$0] == nil && $0 != work.clinicStream }.sorted { $0.number < $1.number })
    }

    private mutating func judge(_ stream: AuditStream, _ patient: StreamID?, _ read: AuditReading) {
        guard let id = StreamID(histories.name(stream)), id.isInAccessLog == (stream.log == .access) else {
            // Its events are faults already: no event of an unknown kind of stream can be read, and none stands in the other log.
            return
        }
        let history = read.histories[stream] ?? History()
        guard belongs(stream, history) else { return }
        let sessions = histories.place(stream).sessions.map { AuditStream(log: stream.log, number: $0) }
            .sorted { histories.name($0) < histories.name($1) }
        let patientStream = patient.flatMap(histories.stream)
        let causes = causes(of: stream, patient: patientStream, sessions: sessions, read)
        guard causes.isEmpty else {
            audit.notJudged.append(Audit.NotJudged(stream: id, causes: causes))
            return
        }
        // Of a stream that was erased as a whole nothing is left to judge; the patient's own tells of it.
        if history.events.isEmpty { return }
        take(
            Dossier(
                clinic: work.scope.clinic, stream: id, history: history,
                patient: patientStream.flatMap { read.histories[$0] } ?? History(), clinicHistory: work.clinicHistory,
                sessions: sessions.reduce(into: [:]) { found, session in
                    if let id = StreamID(histories.name(session)), let history = read.histories[session] { found[id] = history }
                }, asOf: work.asOf))
    }

    /// Remembers the patient's medical record number.
    private mutating func note(_ history: History, of stream: AuditStream) {
        guard let id = StreamID(histories.name(stream))?.id else { return }
        mrns[id] = history.clinical.reduce(mrns[id]) { known, event in
            switch event.body {
            case .patientRegistered(let body): body.mrn
            case .patientDetailsChanged(let body): body.mrn ?? known
            default: known
            }
        }
    }

    /// Sessions belong to the period in which they took place, other streams to those in which something of theirs occurred.
    private func belongs(_ stream: AuditStream, _ history: History) -> Bool {
        let place = histories.place(stream)
        guard work.scope.hasPeriod, place.kind == .session else { return true }
        // Of a session that cannot be read nobody knows when it was.
        guard let at = SessionState(history).takesPlaceAt else { return place.isTouched }
        return work.scope.contains(at)
    }

    /// Why the verdicts on a stream could not be relied on.
    private func causes(
        of stream: AuditStream, patient: AuditStream?, sessions: [AuditStream], _ read: AuditReading
    ) -> [Audit.NotJudged.Cause] {
        var causes: [Audit.NotJudged.Cause] = []
        func add(_ stream: AuditStream, _ unreadable: [Replay.Fault]?) {
            let faults = histories.place(stream).faults
            if faults.isEmpty, unreadable == nil { return }
            let positions = Set(faults + (unreadable ?? []).map(\.position))
            let name = histories.name(stream)
            if causes.contains(where: { $0.stream == name }) { return }
            causes.append(.init(stream: name, positions: positions.sorted()))
        }
        add(stream, read.unreadable[stream])
        if let patient { add(patient, read.unreadable[patient]) }
        if let clinic = work.clinicStream { add(clinic, work.clinic.unreadable[clinic]) }
        for session in sessions { add(session, read.unreadable[session]) }
        return causes
    }
}

extension SessionState {
    /// The arrival, else the time that is booked.
    var takesPlaceAt: Timestamp? { arrival?.at ?? booked?.body.scheduledAt }
}

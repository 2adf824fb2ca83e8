import Canonical
import Clinic
import Foundation
public import Ledger

/// How far an audit has come.
public struct AuditProgress: Sendable {
    public enum Phase: String, Sendable {
        /// Every event is read and verified.
        case verifying
        /// Streams are folded and judged.
        case judging
    }

    public let phase: Phase
    public let done: Int
    public let total: Int
}

extension Audit {
    /// Audits a clinic from the stored bytes of its logs: first every event in order, to verify and to index, then stream by stream, to fold and to
    /// judge. No read model has a part in it, nor has a clock.
    ///
    /// Memory: 8 bytes an event, a name for each stream, the findings, and the streams that are judged at the moment.
    public static func run(
        _ logs: LogSources, scope: AuditScope, progress: (@Sendable (AuditProgress) -> Void)? = nil
    ) async throws -> Audit {
        let total = Int(scope.bounds.record + scope.bounds.access)
        let record = try await index(logs.record, upTo: scope.bounds.record, scope) { done in
            progress?(AuditProgress(phase: .verifying, done: done, total: total))
        }
        let access = try await index(logs.access, upTo: scope.bounds.access, scope) { done in
            progress?(AuditProgress(phase: .verifying, done: Int(scope.bounds.record) + done, total: total))
        }
        var work = AuditWork(scope: scope, histories: AuditHistories(logs: logs, record: record, access: access))
        try await work.judgeAll { done, total in progress?(AuditProgress(phase: .judging, done: done, total: total)) }
        return work.finished()
    }

    private static func index(
        _ source: any LogSource, upTo last: Int64, _ scope: AuditScope, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> AuditIndex {
        let sealed = try await source.checkpoint(upTo: last).map { Audit.SealedState($0) }
        var index = try await source.reduce(upTo: last, into: AuditIndex(source.log, scope, sealed: sealed)) { index, record in
            index.take(record)
            if index.replay.position.isMultiple(of: 5000) { progress(Int(index.replay.position)) }
        }
        index.finish(last)
        return index
    }
}

/// An audit under way.
struct AuditWork {
    let scope: AuditScope
    let histories: AuditHistories
    var audit: Audit
    /// The clinic's own history, which every dossier shares.
    var clinicHistory = History()
    var reference = ClinicReference(History())
    /// The time at which all of this is known.
    let asOf: Timestamp?
    /// Medical record numbers that were read so far.
    var mrns: [UUID: String] = [:]

    /// Streams whose histories are in memory at once; a vial brings its sessions along, so it weighs as much as so many.
    static let pageWeight = 64
    static let vialWeight = 16

    init(scope: AuditScope, histories: AuditHistories) {
        self.scope = scope
        self.histories = histories
        audit = Audit(scope: scope)
        asOf = [histories.record, histories.access].compactMap(\.replay.lastRecordedAt).max()
    }

    mutating func judgeAll(progress: (Int, Int) -> Void) async throws {
        let clinic = StreamID.clinic.description
        clinicHistory = try await histories.histories(of: [clinic])[clinic] ?? History()
        reference = ClinicReference(clinicHistory)
        let streams = [histories.record, histories.access].flatMap { index in
            index.places.filter { !$0.value.positions.isEmpty && index.mayBelong($0.key) }.map(\.key).sorted()
        }
        var start = 0
        while start < streams.count {
            try Task.checkCancellation()
            progress(start, streams.count)
            var (end, weight) = (start, 0)
            while end < streams.count, end == start || weight < Self.pageWeight {
                weight += streams[end].hasPrefix("vial/") ? Self.vialWeight : 1
                end += 1
            }
            try await judge(streams[start..<end])
            start = end
        }
        progress(streams.count, streams.count)
    }

    private mutating func judge(_ streams: ArraySlice<String>) async throws {
        let own = try await histories.histories(of: streams)
        let patients = own.filter { $0.key.hasPrefix("session/") }.compactMapValues {
            SessionState($0).patient.map { StreamID.patient($0).description }
        }
        let accessed = own.filter { $0.key.hasPrefix("access/") }.values.flatMap { $0.events.compactMap(\.body.subject?.description) }
        let sessions = streams.filter { $0.hasPrefix("vial/") }.flatMap { histories.place(of: $0)?.sessions ?? [] }
        let others = Set(patients.values).union(accessed).union(sessions).subtracting(own.keys)
        let all = own.merging(try await histories.histories(of: others)) { known, _ in known }
        for (stream, history) in all where stream.hasPrefix("patient/") { note(history, of: stream) }
        for stream in streams {
            guard let id = StreamID(stream) else {
                // Its events are faults already: no event of an unknown kind of stream can be read.
                continue
            }
            let history = all[stream] ?? History()
            guard belongs(id, history) else { continue }
            let drawing = histories.place(of: stream)?.sessions ?? []
            let dossier = Dossier(
                clinic: scope.clinic, stream: id, history: history, patient: patients[stream].flatMap { all[$0] } ?? History(),
                clinicHistory: clinicHistory,
                sessions: drawing.reduce(into: [:]) { found, name in
                    if let id = StreamID(name), let history = all[name] { found[id] = history }
                }, asOf: asOf)
            let causes = causes(of: stream, patient: patients[stream], sessions: drawing)
            // Of a stream that was erased as a whole nothing is left to judge; the patient's own tells of it.
            if causes.isEmpty, history.events.isEmpty { continue }
            if causes.isEmpty { take(dossier) } else { audit.notJudged.append(Audit.NotJudged(stream: id, causes: causes)) }
        }
    }

    /// Remembers the patient's medical record number.
    private mutating func note(_ history: History, of stream: String) {
        guard let id = StreamID(stream)?.id else { return }
        mrns[id] = history.clinical.reduce(mrns[id]) { known, event in
            switch event.body {
            case .patientRegistered(let body): body.mrn
            case .patientDetailsChanged(let body): body.mrn ?? known
            default: known
            }
        }
    }

    /// Sessions belong to the period in which they took place, other streams to those in which something of theirs occurred.
    private func belongs(_ stream: StreamID, _ history: History) -> Bool {
        guard scope.hasPeriod, stream.kind == .session else { return true }
        // Of a session that cannot be read nobody knows when it was.
        guard let at = SessionState(history).takesPlaceAt else { return histories.place(of: stream.description)?.isTouched ?? false }
        return scope.contains(at)
    }

    /// Why the verdicts on a stream could not be relied on.
    private func causes(of stream: String, patient: String?, sessions: Set<String>) -> [Audit.NotJudged.Cause] {
        let needed = [stream, patient, StreamID.clinic.description].compactMap(\.self) + sessions.sorted()
        var causes: [Audit.NotJudged.Cause] = []
        for name in needed {
            guard let place = histories.place(of: name), !causes.contains(where: { $0.stream == name }) else { continue }
            if !place.faults.isEmpty { causes.append(.init(stream: name, positions: Set(place.faults).sorted())) }
        }
        return causes
    }
}

extension SessionState {
    /// The arrival, else the time that is booked.
    var takesPlaceAt: Timestamp? { arrival?.at ?? booked?.body.scheduledAt }
}

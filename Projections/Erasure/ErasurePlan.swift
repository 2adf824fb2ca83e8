import Clinic
import Foundation
import Ledger
import Postgres

/// What belongs to one patient in both logs of a clinic, as it stands in the transaction that reads it.
struct ErasurePlan: Sendable {
    let patient: UUID
    /// By stream: the patient's own, their sessions, the vials drawn for them, accesses to their chart.
    private(set) var histories: [StreamID: History] = [:]
    /// The clinic's own stream.
    let clinic: History
    /// Positions whose data is the patient's, ascending.
    private(set) var positions = [LogName.Kind: [Int64]]()

    var own: History { histories[.patient(patient)] ?? History() }

    /// The sessions that are the patient's as a whole.
    var sessions: [StreamID: History] {
        histories.filter { $0.key.kind == .session && SessionState($0.value).patient == patient }
    }

    init(_ patient: UUID, clinic name: String, on connection: isolated Connection) throws {
        self.patient = patient
        let rows = try connection.query("SELECT log, log_id FROM dripline.logs WHERE clinic = $1", [name])
        let numbers: [LogName.Kind: Int32] = try rows.reduce(into: [:]) { numbers, row in
            let (log, number) = try row.decode(String.self, Int32.self)
            if let kind = LogName.Kind(rawValue: log) { numbers[kind] = number }
        }
        let stream = StreamID.patient(patient)
        func load(_ names: [String], from kind: LogName.Kind) throws -> [StreamID: History] {
            guard let number = numbers[kind], !names.isEmpty else { return [:] }
            var found: [StreamID: History] = [:]
            for (stream, stored) in try Ledger.streams(names, number: number, upTo: nil, on: connection) {
                if let id = StreamID(stream) { found[id] = try History(stored: stored, clinic: name) }
            }
            return found
        }
        func concerning(_ subjects: [String], in kind: LogName.Kind) throws -> [String] {
            guard let number = numbers[kind], !subjects.isEmpty else { return [] }
            return try Ledger.streams(concerning: subjects, number: number, upTo: nil, on: connection)
        }
        self.clinic = try load([StreamID.clinic.description], from: .record)[.clinic] ?? History()
        histories = try load([stream.description] + concerning([stream.description], in: .record), from: .record)
        let vials = try concerning(sessions.keys.map(\.description), in: .record).filter { $0.hasPrefix("vial/") }
        histories.merge(try load(vials, from: .record)) { known, _ in known }
        let accesses = Set(try concerning([stream.description], in: .access)).union([StreamID.access(patient).description])
        histories.merge(try load(accesses.sorted(), from: .access)) { known, _ in known }
        for (id, history) in histories {
            positions[id.kind.log, default: []] += theirs(of: id, history)
        }
        for kind in positions.keys { positions[kind]?.sort() }
    }

    /// The positions of a stream whose data is the patient's: all of their own streams, of others what names them, and what corrects it.
    private func theirs(of id: StreamID, _ history: History) -> [Int64] {
        let events = history.events.filter { $0.body.type != .payloadErased }
        let isWhole = id == .patient(patient) || id == .access(patient) || sessions[id] != nil
        if isWhole { return events.map(\.position) }
        let own = Set(sessions.keys).union([.patient(patient)])
        let named = events.filter { event in event.body.subject.map { own.contains($0) } ?? false }
        let corrections = named.flatMap { history.entry($0.id)?.corrections ?? [] }
        // An amendment may have brought the name in, or taken it out: both sides are the patient's.
        let amended = events.filter { event in
            history.entry(event.id)?.corrections.contains { correction in
                if case .eventAmended(let body) = correction.body, let body = try? body.body(replacing: event.body.type) {
                    body.subject.map { own.contains($0) } ?? false
                } else {
                    false
                }
            } ?? false
        }
        let alsoCorrections = amended.flatMap { history.entry($0.id)?.corrections ?? [] }
        return Set((named + corrections + amended + alsoCorrections).map(\.position)).sorted()
    }

    /// Conditions under which the plan holds, for the log: the version of each of its streams.
    func conditions(in kind: LogName.Kind) -> [StreamCondition] {
        histories.filter { $0.key.kind.log == kind }.map { StreamCondition(stream: $0.key.description, version: $0.value.version) }
            .sorted { $0.stream < $1.stream }
    }
}

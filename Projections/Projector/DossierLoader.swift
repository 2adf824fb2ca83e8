import Clinic
import Ledger
import Postgres

/// Reads dossiers from the log, for one projection: streams with what their rows depend on, all up to one position.
struct DossierLoader: Sendable {
    let projection: any Projection.Type
    let clinic: String
    let number: Int32
    let upTo: Int64
    /// The clinic's own history up to `upTo`, once it was asked for: every stream of the clinic shares it.
    private var clinicHistory: History?

    init(projection: any Projection.Type, clinic: String, number: Int32, upTo: Int64) {
        self.projection = projection
        self.clinic = clinic
        self.number = number
        self.upTo = upTo
    }

    /// - Parameter streams: few enough to be held in memory with their histories.
    /// - Returns: the dossiers in the order of `streams`; none for a stream that has no event yet.
    mutating func dossiers(of streams: [String], on connection: isolated Connection) throws -> [Dossier] {
        var histories = try histories(of: streams, on: connection)
        let patients = projection.context.contains(.patient) ? DossierLoader.patients(of: histories) : [:]
        let missing = Set(patients.values).subtracting(histories.keys)
        histories.merge(try self.histories(of: missing.sorted(), on: connection)) { known, _ in known }
        let shared = projection.context.contains(.clinic) && !streams.isEmpty ? try clinicHistory(on: connection) : History()
        return streams.compactMap { stream in
            guard let id = StreamID(stream), let history = histories[stream], !history.events.isEmpty else { return nil }
            let patient = patients[stream].flatMap { histories[$0] } ?? History()
            return Dossier(clinic: clinic, stream: id, history: history, patient: patient, clinicHistory: shared)
        }
    }

    private func histories(of streams: [String], on connection: isolated Connection) throws -> [String: History] {
        guard !streams.isEmpty else { return [:] }
        return try Ledger.streams(streams, number: number, upTo: upTo, on: connection).mapValues { try History(stored: $0, clinic: clinic) }
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
}

import Clinic
import Ledger
import Postgres

/// Reads dossiers from the log, for one projection: streams with what their rows depend on, all up to one position.
struct DossierLoader {
    let projection: any Projection.Type
    let clinic: String
    let number: Int32
    let upTo: Int64

    /// - Parameter streams: few enough to be held in memory with their histories.
    /// - Returns: the dossiers in the order of `streams`, and how many events were read.
    func dossiers(of streams: [String], on connection: isolated Connection) throws -> (dossiers: [Dossier], events: Int) {
        var stored = try Ledger.streams(streams, number: number, upTo: upTo, on: connection)
        var events = stored.values.reduce(0) { $0 + $1.count }
        var context: Set<String> = []
        if projection.context.contains(.patient) {
            for stream in streams { if let patient = DossierLoader.patient(of: stored[stream]) { context.insert(patient) } }
        }
        if projection.context.contains(.clinic) { context.insert(StreamID.clinic.description) }
        let missing = context.filter { stored[$0] == nil }
        if !missing.isEmpty {
            let more = try Ledger.streams(missing.sorted(), number: number, upTo: upTo, on: connection)
            events += more.values.reduce(0) { $0 + $1.count }
            stored.merge(more) { first, _ in first }
        }
        var histories: [String: History] = [:]
        func history(_ stream: String) throws -> History {
            if let known = histories[stream] { return known }
            let new = try History(stored: stored[stream] ?? [], clinic: clinic)
            histories[stream] = new
            return new
        }
        let dossiers = try streams.compactMap { stream -> Dossier? in
            guard let id = StreamID(stream) else { return nil }
            let patient = projection.context.contains(.patient) ? DossierLoader.patient(of: stored[stream]) : nil
            return Dossier(
                clinic: clinic, stream: id, history: try history(stream), patient: try patient.map(history) ?? History(),
                clinicHistory: projection.context.contains(.clinic) ? try history(StreamID.clinic.description) : History())
        }
        return (dossiers, events)
    }

    /// The patient whom a session's events concern: the last one named, as a correction of the first would name it.
    static func patient(of events: [StoredEvent]?) -> String? {
        events?.last { $0.subject?.hasPrefix("patient/") ?? false }?.subject
    }
}

import Canonical
public import Clinic
import Foundation
public import Ledger
import Postgres

extension Ledger {
    /// Patients as they stood within bounds, found as in `patients(matching:clinic:limit:)`: by the name that they had then. Folded from the log;
    /// reads every patient stream, a bounded number at a time.
    public func patients(matching text: String, clinic: String, limit: Int = 50, bounds: History.Bounds, after: PatientSummary? = nil)
        async throws -> [PatientSummary]
    {
        var found: [PatientSummary] = []
        try await fold(.patient, clinic: clinic, bounds: bounds) { id, history in
            let details = PatientState(history).details
            let summary = PatientSummary(
                id: id, mrn: details?.mrn, family: details?.family, given: details?.given ?? [], birthDate: details?.birthDate.description)
            if summary.matches(text), after?.stands(before: summary) ?? true { found.append(summary) }
        }
        return Array(found.sorted { $0.stands(before: $1) }.prefix(max(0, limit)))
    }

    /// Hands over each stream of a kind, folded within bounds, in no particular order; those without an event within the bounds are left out.
    func fold(_ kind: StreamKind, clinic: String, bounds: History.Bounds, _ body: (UUID, History) throws -> Void) async throws {
        guard let log = LogName(clinic: clinic), let number = try await number(of: log) else { return }
        let upTo = bounds.position ?? Int64.max
        var after = ""
        while true {
            let last = after
            let stored = try await read { connection in
                // Every stream has a first event: one row a stream.
                let rows = try await connection.query(
                    """
                    SELECT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.version = 1 AND e.position <= $2 \
                    AND e.stream > $3 AND starts_with(e.stream, $4) ORDER BY e.stream LIMIT $5
                    """, [number, upTo, last, kind.rawValue + "/", Int64(StreamPages.maximumStreams)])
                let names = try rows.map { try $0.value(0, as: String.self) }
                return (names, try await Ledger.streams(names, number: number, upTo: upTo, on: connection))
            }
            for name in stored.0 {
                guard let id = StreamID(name)?.id else { continue }
                let history = try History(stored: stored.1[name] ?? [], clinic: clinic, bounds: bounds)
                if !history.events.isEmpty { try body(id, history) }
            }
            guard let next = stored.0.last, stored.0.count == StreamPages.maximumStreams else { return }
            after = next
        }
    }
}

extension PatientSummary {
    /// As the read model's search finds them: the whole MRN, a part of the name whatever its case, or the beginning of the id.
    fileprivate func matches(_ text: String) -> Bool {
        if text.isEmpty || mrn == text { return true }
        if id.lowercase.hasPrefix(text.lowercased()) { return true }
        let name = (given + [family].compactMap(\.self)).joined(separator: " ")
        return name.precomposedStringWithCanonicalMapping.lowercased().contains(text.precomposedStringWithCanonicalMapping.lowercased())
    }

    /// By name, those without one last.
    fileprivate func stands(before other: PatientSummary) -> Bool {
        guard family != other.family else {
            return given == other.given ? id.lowercase < other.id.lowercase : given.lexicographicallyPrecedes(other.given)
        }
        guard let family else { return false }
        return other.family.map { family < $0 } ?? true
    }
}

public import Canonical
public import Clinic
public import Foundation
public import Ledger
import Postgres

extension Ledger {
    /// A patient's chart from the read model: as current as its tables.
    /// - Returns: nil for a patient who is not in the tables.
    public func chart(of patient: UUID, clinic: String) async throws -> Chart? {
        // One statement sees one state of the tables: the parts belong together.
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT document, true FROM patient_chart.patients WHERE clinic = $1 AND patient = $2 \
                UNION ALL SELECT document, false FROM patient_chart.sessions WHERE clinic = $1 AND patient = $2
                """, [clinic, patient])
        }
        var header: Chart.Patient?
        var sessions: [Chart.Session] = []
        for row in rows {
            let document = try document(row)
            if try row.value(1, as: Bool.self) {
                header = try Chart.Patient(json: document)
            } else {
                sessions.append(try Chart.Session(json: document))
            }
        }
        return header.map { Chart(patient: $0, sessions: sessions) }
    }

    /// What `Chart.document` says of a patient's chart in the read model, put together from its documents as they are stored.
    /// - Returns: nil for a patient who is not in the tables.
    public func chartDocument(of patient: UUID, clinic: String) async throws -> String? {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT document, 0, NULL, NULL FROM patient_chart.patients WHERE clinic = $1 AND patient = $2 \
                UNION ALL SELECT document, 1, coalesce(arrived_at, scheduled_at), session FROM patient_chart.sessions \
                WHERE clinic = $1 AND patient = $2
                """, [clinic, patient])
        }
        var header: String?
        var sessions: [(at: Timestamp, id: String, document: String)] = []
        for row in rows {
            let (text, part, at, session) = try row.decode(JSONText.self, Int32.self, SQLTimestamp?.self, UUID?.self)
            guard part == 1, let session else {
                header = text.text
                continue
            }
            // A session of stray facts has neither time; then its chart knows.
            let time = try at.map { Timestamp($0) } ?? Chart.Session(json: try document(row)).orderedAt
            sessions.append((time, session.lowercase, text.text))
        }
        guard let header else { return nil }
        sessions.sort { ($0.at, $0.id) < ($1.at, $1.id) }
        var writer = CanonicalWriter(capacity: sessions.reduce(header.utf8.count + 64) { $0 + $1.document.utf8.count + 1 })
        writer.object { writer in
            writer.key("patient")
            writer.canonical(header)
            writer.key("sessions")
            writer.array(of: sessions) { $0.canonical($1.document) }
        }
        return writer.text
    }

    /// A patient's chart folded from the log, by the fold that fills the read model, as it stood within bounds.
    /// - Returns: nil where the patient's stream has no event within the bounds.
    public func chart(of patient: UUID, clinic: String, bounds: History.Bounds) async throws -> Chart? {
        guard let log = LogName(clinic: clinic) else { return nil }
        let stream = StreamID.patient(patient)
        let sessions = try await streams(concerning: stream.description, of: log, upTo: bounds.position)
        let stored = try await streams([stream.description] + sessions, of: log, upTo: bounds.position)
        let history = try History(stored: stored[stream.description] ?? [], clinic: clinic, bounds: bounds)
        guard !history.events.isEmpty || !history.erased.isEmpty else { return nil }
        let parts = try sessions.compactMap { name -> Chart.Session? in
            guard let id = StreamID(name)?.id else { return nil }
            let history = try History(stored: stored[name] ?? [], clinic: clinic, bounds: bounds)
            let session = Chart.Session(id, history)
            // Of a session that was only booked after the bound nothing is known yet.
            return history.events.isEmpty || session.patient != patient ? nil : session
        }
        return Chart(patient: Chart.Patient(patient, history), sessions: parts)
    }

    /// One session from the read model; nil for one that is not in the tables.
    /// - Throws: `ProjectionError.erased`
    public func session(_ session: UUID, clinic: String) async throws -> Chart.Session? {
        let rows = try await read { connection in
            try await connection.query(
                "SELECT document FROM patient_chart.sessions WHERE clinic = $1 AND stream = $2",
                [clinic, StreamID.session(session).description])
        }
        if let row = rows.first { return try Chart.Session(json: try document(row)) }
        // What was erased has no row, but the log knows that it was there.
        guard let log = LogName(clinic: clinic) else { return nil }
        let stream = StreamID.session(session).description
        if try await streams([stream], of: log, upTo: nil)[stream]?.last?.isErased == true {
            throw ProjectionError.erased(.session(session))
        }
        return nil
    }

    /// Patients by a part of their name, by their MRN, or by the beginning of their id, at most `limit`, by name. Case does not matter in names,
    /// nor whether an accent was typed as a character of its own.
    /// - Parameter after: only those that stand after this one in the list.
    public func patients(
        matching text: String, clinic: String, limit: Int = 50, after: PatientSummary? = nil
    ) async throws -> [PatientSummary] {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT patient, mrn, family, given, birth_date FROM patient_chart.patients \
                WHERE clinic = $1 AND ($2 = '' OR mrn = $2 \
                OR strpos(lower(normalize(concat_ws(' ', array_to_string(given, ' '), family))), lower(normalize($2))) > 0 \
                OR starts_with(patient::text, lower($2))) \
                AND ($4::uuid IS NULL OR (family IS NULL, coalesce(family, ''), coalesce(given, '{}'), patient) \
                > ($5::text IS NULL, coalesce($5, ''), coalesce($6::text[], '{}'), $4)) \
                ORDER BY family IS NULL, coalesce(family, ''), coalesce(given, '{}'), patient LIMIT $3
                """, [clinic, text, Int64(max(0, limit)), after?.id, after?.family, after?.given])
        }
        return try rows.map { row in
            let (id, mrn, family, given, birthDate) = try row.decode(UUID.self, String?.self, String?.self, [String]?.self, String?.self)
            return PatientSummary(id: id, mrn: mrn, family: family, given: given ?? [], birthDate: birthDate)
        }
    }

    /// Not inlined: the optimiser of Swift 6.3.1 crashes where it meets this one's typed error in an async function.
    @inline(never) private func document(_ row: Row) throws -> JSON { try JSON.parse(try row.value(0, as: JSONText.self).text) }
}

/// A line of a list of patients.
public struct PatientSummary: Sendable, Hashable {
    public let id: UUID
    public let mrn: String?
    public let family: String?
    public let given: [String]
    public let birthDate: String?

    public var json: JSON {
        var members: [String: JSON] = ["patient": .string(id.lowercase), "given": .array(given.map { .string($0) })]
        if let mrn { members["mrn"] = .string(mrn) }
        if let family { members["family"] = .string(family) }
        if let birthDate { members["birth_date"] = .string(birthDate) }
        return .object(members)
    }
}

extension Ledger {
    /// The patient who was infused most often, the first by name among equals; nil where nobody was.
    public func patientWithMostInfusions(clinic: String) async throws -> UUID? {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT p.patient FROM patient_chart.patients p JOIN patient_chart.sessions s USING (clinic, patient) \
                WHERE p.clinic = $1 AND s.started_at IS NOT NULL \
                GROUP BY p.patient, p.family ORDER BY count(*) DESC, p.family, p.patient LIMIT 1
                """, [clinic])
        }
        return try rows.first?.value(0, as: UUID.self)
    }
}

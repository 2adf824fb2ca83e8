import Canonical
import Foundation
import Ledger
import Postgres
import Service

/// A clinic's staff, form, patient and sessions, as requests. Times are minutes after `start`, two days ago.
struct TestClinic: Sendable {
    let name: String
    let start: Timestamp
    let patient = UUID()
    let plan = UUID()
    /// Received with the founding.
    let vial = UUID()

    static let administrator = "o.admin"
    static let nurse = "n.nurse"
    static let prescriber = "d.doctor"
    static let desk = "f.desk"
    static let formText = "I agree to the infusion."
    /// Its SHA-256.
    static let formDigest = "ff463d565c888a169179b3428e166c72c63dcefc29af2bfb8f4890384a8d502a"

    init(_ name: String = "hickory", start: Timestamp = Timestamp.now().adding(days: -2)) {
        self.name = name
        self.start = start
    }

    var log: LogName {
        guard let log = LogName(clinic: name) else { preconditionFailure("no clinic's name: \(name)") }
        return log
    }

    func at(_ minutes: Int64) -> String { start.adding(minutes: minutes).description }

    /// A flat request.
    func request(
        _ stream: String, _ type: String, at minutes: Int64, _ data: JSON, command: UUID = UUID(), more: [String: JSON] = [:]
    ) -> JSON {
        var members: [String: JSON] = [
            "command": .string(command.lowercase), "stream": .string(stream), "type": .string(type), "occurred_at": .string(at(minutes)),
            "data": data,
        ]
        members.merge(more) { $1 }
        return .object(members)
    }

    var patientStream: String { "patient/\(patient.lowercase)" }

    /// Staff, consent form and a vial, each with who records it.
    var founding: [(actor: String, request: JSON)] {
        // The administrator reads everything too, as the one of a small clinic does.
        let staff: [(String, [JSON])] = [
            (Self.administrator, ["administrator", "compliance"]), (Self.nurse, ["nurse"]), (Self.prescriber, ["prescriber"]),
            (Self.desk, ["front_desk"]),
        ]
        return staff.map { handle, roles in
            (
                Self.administrator,
                request(
                    "clinic", "StaffEnrolled", at: 0,
                    ["staff": .string(handle), "name": .string("Name of \(roles[0].asString ?? "")"), "roles": .array(roles)])
            )
        } + [
            (
                Self.administrator,
                request("clinic", "ConsentFormPublished", at: 1, ["form": "ketamine", "version": "1", "text": .string(Self.formText)])
            ),
            (
                Self.nurse,
                request(
                    "vial/\(vial.lowercase)", "DrugReceived", at: 2,
                    [
                        "drug": "ketamine", "form": "injection", "lot": "L-1", "concentration_mg_per_ml": 10, "volume_ml": 100,
                        "expires_on": "2099-12-31", "supplier": "Carolina Medical",
                    ])
            ),
        ]
    }

    /// The patient up to a signed consent.
    var admission: [(actor: String, request: JSON)] {
        [
            (Self.desk, registration()),
            (Self.prescriber, request(patientStream, "ConsultationRecorded", at: 11, Self.consultation)),
            (
                Self.prescriber,
                request(
                    patientStream, "TreatmentPlanned", at: 12,
                    [
                        "plan": .string(plan.lowercase), "sessions": 3, "interval_days": 14, "target_mg_per_kg": 1, "max_mg_per_kg": 3,
                        "max_rate_mg_per_kg_per_h": 1, "duration_min": 90, "prescriber": .string(Self.prescriber),
                    ])
            ),
            (Self.nurse, consent(at: 13)),
        ]
    }

    func registration(_ patient: UUID? = nil, at minutes: Int64 = 10, family: String = "Ashdown") -> JSON {
        request(
            "patient/\((patient ?? self.patient).lowercase)", "PatientRegistered", at: minutes,
            ["mrn": "HK-1", "family": .string(family), "given": ["Juniper"], "birth_date": "1984-03-19", "sex": "female"])
    }

    func consent(at minutes: Int64) -> JSON {
        request(
            patientStream, "ConsentSigned", at: minutes,
            [
                "form": "ketamine", "form_version": "1", "form_digest": .string(Self.formDigest),
                "signer": ["name": "Juniper Ashdown", "role": "patient"], "method": "ink", "meaning": "I agree",
                "signed_at": .string(at(minutes)),
            ])
    }

    /// A session up to a running infusion at 35 mg/h (0.5 mg/kg/h), from minute `from`.
    func infusion(_ session: UUID, from: Int64 = 20) -> [(actor: String, request: JSON)] {
        let stream = "session/\(session.lowercase)"
        return [
            (Self.desk, arrival(session, at: from)),
            (
                Self.nurse,
                request(
                    stream, "IVInserted", at: from + 1, ["site": "forearm", "side": "left", "gauge": 22, "attempts": 1, "patent": true])
            ),
            (
                Self.nurse,
                request(
                    stream, "InfusionStarted", at: from + 2,
                    [
                        "drug": "ketamine", "vial": .string(vial.lowercase), "concentration_mg_per_ml": 1, "rate_mg_per_h": 35,
                        "planned_min": 90, "prescriber": .string(Self.prescriber),
                    ])
            ),
        ]
    }

    func arrival(_ session: UUID, at minutes: Int64) -> JSON {
        request(
            "session/\(session.lowercase)", "PatientArrived", at: minutes, ["patient": .string(patient.lowercase), "weight_kg": 70])
    }

    func dose(_ session: UUID, from: Int, to: Int, at minutes: Int64, command: UUID = UUID(), more: [String: JSON] = [:]) -> JSON {
        request(
            "session/\(session.lowercase)", "DoseAdjusted", at: minutes,
            [
                "from_rate_mg_per_h": .number(JSONNumber(from)), "to_rate_mg_per_h": .number(JSONNumber(to)), "reason": "titration",
                "ordered_by": .string(Self.prescriber),
            ], command: command, more: more)
    }

    func stop(_ session: UUID, at minutes: Int64) -> JSON {
        request(
            "session/\(session.lowercase)", "InfusionStopped", at: minutes, ["reason": "complete", "total_mg": 35, "total_ml": 35])
    }

    func ivRemoved(_ session: UUID, at minutes: Int64) -> JSON {
        request("session/\(session.lowercase)", "IVRemoved", at: minutes, ["site": "forearm", "side": "left", "intact": true])
    }

    func vitals(_ session: UUID, at minutes: Int64, heartRate: Int = 80, command: UUID = UUID()) -> JSON {
        request(
            "session/\(session.lowercase)", "VitalsRecorded", at: minutes,
            [
                "phase": "infusion", "heart_rate": .number(JSONNumber(heartRate)), "systolic_mmhg": 120, "diastolic_mmhg": 80,
                "source": "device",
            ], command: command)
    }

    static let consultation: JSON = [
        "diagnosis": ["code": "1.3", "text": "Chronic migraine"], "headache_days_per_month": 22, "migraine_days_per_month": 17,
        "symptoms": ["photophobia"], "prior_treatments": [["class": "triptan", "outcome": "partial"]], "medications": [], "allergies": [],
        "asa_class": 1, "contraindications": [["code": "psychosis", "status": "absent"]], "candidacy": "candidate",
        "rationale": "Three preventives failed.",
    ]
}

extension TestClinic {
    @discardableResult
    func record(_ request: JSON, by actor: String, in database: Database) async throws -> Recorder.Recorded {
        try await database.recorder.record(try AppendRequest(request, form: .single), in: log, actor: actor)
    }

    func record(_ requests: [(actor: String, request: JSON)], in database: Database) async throws {
        for (actor, request) in requests { try await record(request, by: actor, in: database) }
    }

    /// Founds the clinic, admits the patient and starts an infusion in each session.
    func begin(_ sessions: UUID..., in database: Database) async throws {
        try await record(founding + admission, in: database)
        for session in sessions { try await record(infusion(session), in: database) }
    }

    /// A line of an import file.
    func line(_ entry: (actor: String, request: JSON), more: [String: JSON] = [:]) -> JSON {
        guard case .object(var members) = entry.request else { return entry.request }
        members["clinic"] = .string(name)
        members["actor"] = .string(entry.actor)
        members.merge(more) { $1 }
        return .object(members)
    }

    /// Every event of the log, of one stream where it is given.
    func events(of database: Database, stream: UUID? = nil) async throws -> [StoredEvent] {
        try await database.ledger.events(
            of: log, EventQuery(stream: stream.map { "session/\($0.lowercase)" }, limit: EventQuery.maximumLimit))
    }
}

import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import Service

/// A clinic with a member of staff in each role alone, and a patient for each standing that they can have; beside it another clinic.
struct AccessHouse: Sendable {
    typealias Charted = (patient: UUID, session: UUID)

    /// Founded 500 days ago.
    let clinic: TestClinic
    /// Whom nobody has to do with any more.
    let stranger: Charted
    /// Who comes tomorrow.
    let inCare: Charted
    /// As the stranger, and everybody has broken the glass.
    let emergency: Charted

    static func staff(_ role: StaffRole) -> String { "only.\(role.rawValue)" }

    func charted(_ standing: Standing) -> Charted {
        switch standing {
        case .none: stranger
        case .inCare: inCare
        case .brokeGlass: emergency
        }
    }

    static func open(_ database: Database) async throws -> AccessHouse {
        let clinic = TestClinic(start: Timestamp.now().adding(days: -500))
        let other = TestClinic("juniper", start: clinic.start)
        try await clinic.record(clinic.founding, in: database)
        try await other.record(other.founding, in: database)
        for role in StaffRole.allCases {
            let enrolment = clinic.request(
                "clinic", "StaffEnrolled", at: 5,
                ["staff": .string(staff(role)), "name": .string("Only \(role.label)"), "roles": [.string(role.rawValue)]])
            try await clinic.record(enrolment, by: TestClinic.administrator, in: database)
        }
        let stranger = try await patient(clinic, registered: -400, in: database)
        let inCare = try await patient(clinic, registered: -400, isBooked: true, in: database)
        let emergency = try await patient(clinic, registered: -400, in: database)
        for role in StaffRole.allCases { try await clinic.breakGlass(emergency.patient, by: staff(role), in: database) }
        for log in [clinic.log, clinic.log.with(.access)] {
            let end = try await database.ledger.head(of: log).size
            for projection in [PatientChart.self, Compliance.self, AccessReport.self] as [any Projection.Type] {
                try await database.ledger.waitForProjection(projection, of: log, position: end, limit: .seconds(120))
            }
        }
        return AccessHouse(clinic: clinic, stranger: stranger, inCare: inCare, emergency: emergency)
    }

    /// A patient who was registered and had a session long ago, and is booked again for tomorrow where they are to be in care.
    static func patient(
        _ clinic: TestClinic, registered days: Int64, isBooked: Bool = false, in database: Database
    ) async throws -> Charted {
        let (patient, session) = (UUID(), UUID())
        let minute = (500 + days) * 24 * 60
        try await clinic.record(clinic.registration(patient, at: minute), by: TestClinic.desk, in: database)
        let (stream, id) = ("session/\(session.lowercase)", JSON.string(patient.lowercase))
        if isBooked {
            let tomorrow = Timestamp.now().adding(days: 1).description
            try await clinic.record(
                clinic.request(
                    stream, "SessionBooked", at: minute + 60,
                    ["patient": id, "number": 1, "scheduled_at": .string(tomorrow), "duration_min": 90]),
                by: TestClinic.desk, in: database)
        } else {
            try await clinic.record(
                clinic.request(stream, "PatientArrived", at: minute + 60, ["patient": id, "weight_kg": 70]), by: TestClinic.desk,
                in: database)
        }
        return (patient, session)
    }
}

extension TestClinic {
    /// - Returns: the invocation's event.
    @discardableResult
    func breakGlass(_ patient: UUID, by staff: String, reason: String = "Collapsed at the door.", in database: Database) async throws
        -> UUID
    {
        let now = Timestamp.now().description
        let request: JSON = [
            "command": .string(UUID().lowercase), "stream": .string("access/\(patient.lowercase)"), "type": "BreakGlassInvoked",
            "occurred_at": .string(now), "data": ["patient": .string(patient.lowercase), "reason": .string(reason)],
        ]
        return try await record(request, by: staff, in: database).receipts[0].event
    }
}

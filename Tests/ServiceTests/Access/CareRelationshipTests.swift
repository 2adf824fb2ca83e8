import Canonical
import Clinic
import Foundation
import Projections
import Service
import Testing

@Suite struct CareRelationshipTests {
    private let now = Timestamp.now()
    private let patient = UUID()

    private func event(_ number: Int64, _ body: EventBody, at time: Timestamp, by actor: String) -> ChartEvent {
        ChartEvent(
            position: number, version: number, id: UUID(), stream: .patient(patient), actor: actor, command: UUID(), occurredAt: time,
            recordedAt: time, body: body)
    }

    /// Registered long ago, and seen by `d.doctor`, who planned for `d.other`.
    private func state(registered days: Int64 = -400) throws -> PatientState {
        let then = now.adding(days: days)
        let registration = try EventBody(
            type: .patientRegistered,
            data: ["mrn": "HK-1", "family": "Ashdown", "given": ["Juniper"], "birth_date": "1984-03-19", "sex": "female"])
        let consultation = try EventBody(type: .consultationRecorded, data: TestClinic.consultation)
        let plan = try EventBody(
            type: .treatmentPlanned,
            data: [
                "plan": .string(UUID().lowercase), "sessions": 3, "interval_days": 14, "target_mg_per_kg": 1, "max_mg_per_kg": 3,
                "max_rate_mg_per_kg_per_h": 1, "duration_min": 90, "prescriber": "d.other",
            ])
        return PatientState(
            History([
                event(1, registration, at: then, by: "f.desk"), event(2, consultation, at: then, by: "d.doctor"),
                event(3, plan, at: then, by: "d.doctor"),
            ]))
    }

    private func session(_ state: String, scheduled: Int64? = nil, arrived: Int64? = nil) -> SessionSummary {
        SessionSummary(
            session: UUID(), patient: patient, state: state, scheduledAt: scheduled.map { now.adding(days: $0) },
            arrivedAt: arrived.map { now.adding(days: $0) })
    }

    private func holds(_ staff: String = "n.nurse", registered days: Int64 = -400, _ sessions: SessionSummary...) throws -> Bool {
        CareRelationship.holds(for: staff, try state(registered: days), sessions: sessions, now: now)
    }

    @Test func aSessionAboutNowOpensTheChartToAll() throws {
        #expect(try holds("n.nurse", session("booked", scheduled: 6)))
        #expect(try holds("n.nurse", session("discharged", scheduled: -29, arrived: -29)))
        #expect(try holds("n.nurse", session("infusing", arrived: 0)))
        #expect(try !holds("n.nurse", session("booked", scheduled: 8)))
        #expect(try !holds("n.nurse", session("discharged", scheduled: -31, arrived: -31)))
        #expect(try !holds("n.nurse", session("cancelled", scheduled: 1)))
        #expect(try holds("n.nurse", session("cancelled", scheduled: 1), session("booked", scheduled: 2)))
        #expect(try !holds())
    }

    @Test func aNewPatientIsInEverybodysCare() throws {
        #expect(try holds(registered: -29))
        #expect(try !holds(registered: -31))
    }

    @Test func aPrescribersPatientsStayTheirs() throws {
        #expect(try holds("d.doctor") && holds("d.other"))
        // Whoever registered the patient has nothing to do with them any more.
        #expect(try !holds("f.desk"))
    }

    @Test func nobodyIsInCareWhoIsNotThere() {
        #expect(!CareRelationship.holds(for: "d.doctor", PatientState(History()), sessions: [], now: now))
    }
}

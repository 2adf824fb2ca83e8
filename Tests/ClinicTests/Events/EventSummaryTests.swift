import Canonical
import Clinic
import Testing

/// The one-line form of each type, as people see it.
@Suite struct EventSummaryTests {
    @Test(arguments: [
        (EventType.patientRegistered, "Registered Okafor, Ada Nneka, born 1984-02-29, female, MRN H-1"),
        (.consultationRecorded, "Consultation: Chronic migraine (1.3), 18 headache and 10 migraine days a month, ASA 2, candidate"),
        (.treatmentPlanned, "Plan: 6 sessions every 3 d, target 0.5 (at most 1.2) mg/kg in 60 min, up to 0.75 mg/kg/h, by dr.lin"),
        (.consentSigned, "Consent ketamine version 2026-1 signed by Ada Okafor (patient) at 2026-11-22 15:30 UTC, electronic"),
        (.consentWithdrawn, "Consent withdrawn, taken by rn.diaz: Changed her mind"),
        (.sessionBooked, "Session 1 booked for 2026-11-22 15:30 UTC, 120 min, chair 3"), (.patientArrived, "Arrived, 70.5 kg, 168 cm"),
        (.ivInserted, "IV in, 22 G, left forearm, patent"), (.ivRemoved, "IV out, left forearm, NOT INTACT: swelling"),
        (.infusionStarted, "Infusion of ketamine started at 24.5 mg/h, bolus 7 mg, 60 min planned, by dr.lin"),
        (.doseAdjusted, "Dose paused 24.5 → 0 mg/h (pause), ordered by dr.lin"),
        (.infusionStopped, "Infusion stopped (complete), 35 mg in 35.25 mL given"),
        (.sideEffectObserved, "Side effect: other (Metallic taste), grade 2, probable, action: slowed"),
        (.sideEffectResolved, "Side effect resolved: nausea (After ondansetron)"), (.recoveryScored, "Recovery score 9 of 10 (Aldrete)"),
        (.driverConfirmed, "Driver expected: Ben Okafor (brother), by phone"),
        (.dischargeOrdered, "Discharge ordered by dr.lin: Home with brother"),
        (.discharged, "Discharged: stable, released to Ben Okafor, instructions 2026-1"), (.noteRecorded, "Note: Resting. No complaints."),
        (.eventVoided, "Voided: Wrong patient"), (.eventAmended, "Amended: Typing slip"),
        (.policyAdopted, "Policy 2026-1 adopted, effective 2026-01-01 00:00 UTC"),
        (.consentFormPublished, "Consent form ketamine version 2026-1 published"),
        (.staffEnrolled, "Staff rn.diaz enrolled: Rosa Diaz, nurse, compliance"),
    ])
    func ofTheFullExample(_ type: EventType, _ expected: String) throws {
        let example = try #require(try EventExample.all().first { $0.type == type })
        #expect(try EventBody(type: type, data: example.full).summary == expected)
    }

    @Test(arguments: [
        (24_500, 30_000, "Dose raised 24.5 → 30 mg/h (titration), ordered by dr.lin"),
        (30_000, 24_500, "Dose lowered 30 → 24.5 mg/h (titration), ordered by dr.lin"),
        (0, 24_500, "Dose resumed 0 → 24.5 mg/h (titration), ordered by dr.lin"),
        (24_500, 24_500, "Dose kept at 24.5 mg/h (titration), ordered by dr.lin"),
    ])
    func doses(_ from: Int64, _ to: Int64, _ expected: String) throws {
        let data: JSON = [
            "from_rate_mg_per_h": .number(JSONNumber(thousandths: from)), "to_rate_mg_per_h": .number(JSONNumber(thousandths: to)),
            "reason": "titration", "ordered_by": "dr.lin",
        ]
        #expect(try EventBody(type: .doseAdjusted, data: data).summary == expected)
    }

    @Test func longNotesAreCut() throws {
        let text = String(repeating: "a long story ", count: 300)
        let summary = try EventBody(type: .noteRecorded, data: ["text": .string(text)]).summary
        #expect(summary.count == "Note: ".count + 120 && summary.hasSuffix("…"))
    }
}

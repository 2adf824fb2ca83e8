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
        (
            .patientDetailsChanged,
            "Details changed: MRN, family name, given names, birth date, sex, phone, e-mail, address, identifiers (Moved)"
        ),
        (
            .followUpRecorded,
            "Follow-up after 14 d: pain 3/10, relief 42.5 %, 9 headache days a month, 4 migraine days a month, MIDAS 11, HIT-6 56, "
                + "Back at work"
        ),
        (.sessionCancelled, "Session cancelled: Has a cold"),
        (.preInfusionAssessed, "Assessed: pain 7/10, NOT ORIENTED, pregnancy test not applicable (Drowsy)"),
        (.driverExempted, "Driver not needed, by dr.lin: Lives next door"),
        (.ivAttemptFailed, "IV attempt failed, 24 G, right hand: Blown"),
        (.bolusGiven, "Bolus of 7 mg over 2.5 min, ordered by dr.lin: Pain 8 of 10"),
        (.medicationGiven, "oxygen 2 L/min inhaled for SpO2 91 %, ordered by dr.lin"),
        (.waiverNoted, "Waiver of M1 from 2026-11-22 15:30 UTC to 2026-11-22 16:00 UTC: Sleeps"),
        (.drugReceived, "Received ketamine injection, 10 mL at 50 mg/mL, lot L-1, from Carolina Medical"),
        (.drugDispensed, "Dispensed 70 mg to rn.diaz"), (.drugWasted, "Wasted 40 mg, sharps container, witnessed by dr.lin"),
        (.drugReturned, "Returned 400 mg"), (.vialCounted, "Counted 430 mg on hand, witnessed by dr.lin"),
        (.drugLossReported, "Loss of 5 mg reported, Form 106 106-2026-7: Dropped"),
        (.inventoryTaken, "Inventory taken at 2026-11-22 07:30 UTC, open of business, 2 vials"),
        (.staffRevoked, "Staff rn.diaz revoked: Moved away"), (.chartRead, "Read chart for treatment"),
        (.exportMade, "Exported audit as markdown for State survey"), (.signedIn, "Signed in by password"),
        (.signedOut, "Signed out (expired)"), (.signInFailed, "Sign-in failed: wrong password"), (.accessDenied, "Denied: chart (no role)"),
        (.breakGlassInvoked, "Break-glass: Patient collapsed"), (.breakGlassReviewed, "Break-glass reviewed: not justified (Was off duty)"),
        (.disclosureMade, "Disclosed to Dr Moss: Chart (Referral)"),
        (.payloadErased, "The payloads of 6 events were erased on the authority of Retention ended, approved by cora and dora"),
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

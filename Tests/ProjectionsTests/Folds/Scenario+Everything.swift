import Canonical
import Clinic
import Foundation

@testable import Projections

extension Scenario {
    /// A course with every type of event that a patient's and a session's stream can hold, some of them corrected.
    static func everything() -> Scenario {
        var scenario = Scenario(arrived: false)
        scenario.plan("2026-02-20", bolus: "0.1")
        scenario.record(
            .patientDetailsChanged, "2026-02-21", by: "dora",
            [
                "family": "Ash", "phone": "+1 515 555 0100", "reason": "Married",
                "address": ["line": ["4 Elm Row"], "city": "Ames", "state": "IA", "postal_code": "50010", "country": "US"],
                "identifiers": [["system": "urn:oid:2.16.840.1.113883.4.1", "value": "999-12-3456"]],
            ])
        scenario.record(
            .patientArrived, "09:02", by: "dora",
            [
                "patient": .id(patient), "weight_kg": .decimal("61.5"), "height_cm": 168, "last_clear_liquid_at": "2026-03-10T06:45:00Z",
                "last_light_meal_at": "2026-03-09T19:30:00Z",
            ])
        let assessed = scenario.record(
            .preInfusionAssessed, "09:08",
            ["pain_nrs": 7, "oriented": true, "pregnancy_test": "negative", "note": "Slept badly."])
        scenario.vitals("09:12", "baseline")
        scenario.record(
            .ivAttemptFailed, "09:15", ["site": "hand", "side": "right", "gauge": 22, "reason": "vein blew"])
        scenario.insert("09:20")
        scenario.start("09:30", "18.45", bolus: "2")
        scenario.record(
            .waiverNoted, "09:32", by: "petra",
            ["rule": "M1", "reason": "Asleep, let her sleep.", "from": "2026-03-10T09:40:00Z", "to": "2026-03-10T09:55:00Z"])
        scenario.vitals("09:35")
        scenario.adjust("09:36", "18.45", "24.6")
        let bolus = scenario.record(
            .bolusGiven, "09:40", ["dose_mg": 3, "over_min": 2, "reason": "pain", "ordered_by": "petra"])
        let nausea = scenario.record(
            .sideEffectObserved, "09:44", ["effect": "nausea", "grade": 1, "relatedness": "probable", "action": "medication"])
        scenario.record(
            .medicationGiven, "09:45",
            ["drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": "nausea", "ordered_by": "petra"])
        scenario.record(.sideEffectResolved, "09:55", ["effect": "nausea", "observed": .id(nausea)])
        scenario.stop("10:00", total: "15")
        scenario.vitals("10:05", "recovery")
        scenario.score("10:10", 8)
        scenario.score("10:25", 9)
        scenario.record(.ivRemoved, "10:28", ["site": "forearm", "side": "left", "intact": true])
        scenario.driver("10:29", "expected")
        scenario.record(.driverExempted, "10:31", by: "petra", ["reason": "Lives next door, walks with her sister.", "by": "petra"])
        scenario.order("10:32")
        scenario.discharge("10:35")
        scenario.amend(assessed, at: "10:50", ["pain_nrs": 6, "oriented": true, "pregnancy_test": "negative", "note": "Slept badly."])
        let slip = scenario.amend(bolus, at: "10:51", ["dose_mg": 30, "over_min": 2, "reason": "pain", "ordered_by": "petra"])
        scenario.void(slip, "10:52", by: "petra")
        scenario.record(
            .followUpRecorded, "2026-03-12",
            ["session": .id(session), "days_after": 2, "pain_nrs": 3, "relief_percent": 55, "note": "Slept through."])
        scenario.record(
            .followUpRecorded, "2026-04-10", by: "petra",
            ["days_after": 31, "headache_days_per_month": 11, "migraine_days_per_month": 5, "midas": 12, "hit6": 57])
        scenario.withdraw("2026-04-11")
        scenario.record(.noteRecorded, on: .patient(patient), "2026-04-12", ["text": "Wants to wait with the next one."])
        return scenario
    }

    static let nextSession = uuid(9)

    /// A second session that was booked and cancelled.
    mutating func bookAndCancel() -> Chart.Session {
        let stream = StreamID.session(Self.nextSession)
        record(
            .sessionBooked, on: stream, "2026-04-01", by: "dora",
            ["patient": .id(Self.patient), "number": 2, "scheduled_at": "2026-04-14T09:00:00Z", "duration_min": 60])
        record(.sessionCancelled, on: stream, "2026-04-12", by: "dora", ["reason": "Consent withdrawn."])
        return Chart.Session(Self.nextSession, history(stream))
    }
}

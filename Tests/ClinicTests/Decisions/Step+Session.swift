import Canonical
import Clinic
import Foundation

/// A session as it mostly goes. Times are those of an ordinary one, rates those of 70 kg at 0.5 mg/kg/h.
extension Step {
    static let booked = Step(
        .sessionBooked, at: weekAgo, by: "fay",
        ["patient": .id(Story.patientID), "plan": .id(Story.plan), "number": 1, "scheduled_at": .time(0), "duration_min": 120])
    static let arrived = Step(.patientArrived, at: 0, by: "nia", ["patient": .id(Story.patientID), "weight_kg": 70])
    static let ivInserted = Step(
        .ivInserted, at: 10, by: "nia", ["site": "forearm", "side": "left", "gauge": 22, "attempts": 1, "patent": true])
    static let ivRemoved = Step(.ivRemoved, at: 60, by: "nia", ["site": "forearm", "side": "left", "intact": true])

    static func infusionStarted(_ rate: Double = 35, bolus: Double? = nil) -> Step {
        Step(
            .infusionStarted, at: 15, by: "nia",
            [
                "drug": "ketamine", "vial": .id(Story.vialID), "concentration_mg_per_ml": 1, "rate_mg_per_h": .decimal(rate),
                "planned_min": 40, "prescriber": "dr.lin",
            ]
        ).with("bolus_mg", bolus.map(JSON.decimal))
    }

    static func doseAdjusted(_ from: Double, _ to: Double) -> Step {
        Step(
            .doseAdjusted, at: 25, by: "nia",
            ["from_rate_mg_per_h": .decimal(from), "to_rate_mg_per_h": .decimal(to), "reason": "titration", "ordered_by": "dr.lin"])
    }

    static let infusionStopped = Step(
        .infusionStopped, at: 55, by: "nia", ["reason": "complete", "total_mg": .decimal(23.333), "total_ml": .decimal(23.333)])
    static func bolus(_ dose: Double = 7) -> Step {
        Step(
            .bolusGiven, at: 22, by: "nia",
            ["dose_mg": .decimal(dose), "over_min": 2, "reason": "Pain 8 of 10.", "ordered_by": "dr.lin"])
    }

    static let vitals = Step(
        .vitalsRecorded, at: 20, by: "nia",
        ["phase": "infusion", "heart_rate": 72, "systolic_mmhg": 124, "diastolic_mmhg": 78, "source": "manual"])
    static let sideEffect = Step(
        .sideEffectObserved, at: 30, by: "nia", ["effect": "nausea", "grade": 1, "relatedness": "probable", "action": "none"]
    ).id(Story.id(20))
    static let sideEffectResolved = Step(.sideEffectResolved, at: 45, by: "nia", ["effect": "nausea", "observed": .id(Story.id(20))])

    static func recoveryScored(_ total: Int = 10) -> Step {
        Step(
            .recoveryScored, at: 84, by: "nia",
            [
                "scale": "aldrete", "total": .number(JSONNumber(total)),
                "items": [
                    "activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": .number(JSONNumber(total - 8)),
                ],
            ])
    }

    static let driver = Step(
        .driverConfirmed, at: 85, by: "fay",
        ["name": "Ben", "relationship": "brother", "adult": true, "method": "in_person", "stage": "release"])
    static let dischargeOrdered = Step(.dischargeOrdered, at: 86, by: "dr.lin", ["by": "dr.lin"])
    static let discharged = Step(.discharged, at: 90, by: "nia", ["instructions_version": "1", "condition": "Well."])
    static let cancelled = Step(.sessionCancelled, at: -60, by: "fay", ["reason": "Has a cold."])
    static let assessed = Step(.preInfusionAssessed, at: 5, by: "nia", ["pain_nrs": 7, "oriented": true])
    static let attemptFailed = Step(
        .ivAttemptFailed, at: 8, by: "nia", ["site": "hand", "side": "left", "gauge": 22, "reason": "Blown."])
    static let exempted = Step(.driverExempted, at: 80, by: "dr.lin", ["reason": "Lives next door.", "by": "dr.lin"])
    static let waived = Step(
        .waiverNoted, at: 16, by: "dr.lin", ["rule": "M1", "reason": "Sleeps.", "from": .time(16), "to": .time(40)])
    static let medicated = Step(
        .medicationGiven, at: 31, by: "nia",
        ["drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": "nausea", "ordered_by": "dr.lin"])
    static let note = Step(.noteRecorded, at: 30, by: "nia", ["text": "Resting."])

    static func amended(_ target: UUID, _ data: JSON, at minute: Double = 100) -> Step {
        Step(.eventAmended, at: minute, by: "nia", ["target": .id(target), "reason": "Slip of the pen.", "data": data])
    }

    static func voided(_ target: UUID, at minute: Double = 100) -> Step {
        Step(.eventVoided, at: minute, by: "nia", ["target": .id(target), "reason": "Wrong patient."])
    }
}

extension [Step] {
    static let arrived: [Step] = [.booked, .arrived]
    static let ivIn: [Step] = arrived + [.ivInserted]
    static let infusing: [Step] = ivIn + [.infusionStarted()]
    static let paused: [Step] = infusing + [.doseAdjusted(35, 0)]
    static let stopped: [Step] = infusing + [.infusionStopped, .ivRemoved]
    static let recovered: [Step] = stopped + [.recoveryScored(), .driver, .dischargeOrdered]
    static let discharged: [Step] = recovered + [.discharged]
}

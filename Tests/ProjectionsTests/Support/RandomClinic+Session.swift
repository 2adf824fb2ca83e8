import Canonical
import Clinic
import Foundation

/// A session as it goes, mostly; now and then something out of its order, which the decisions may refuse.
extension RandomClinic {
    mutating func sessionDraft() -> Draft {
        let open = sessions.filter { SessionState(history(.session($0))).discharge == nil }
        guard let patient = patients.randomElement(using: &random) else { return clinicDraft() }
        if open.count < 3, random.once(in: 3) || open.isEmpty { return booking(.session(book()), patient) }
        let session = random.once(in: 15) ? sessions.randomElement(using: &random) : open.randomElement(using: &random)
        guard let session else { return clinicDraft() }
        return step(of: .session(session), patient)
    }

    private mutating func booking(_ stream: StreamID, _ patient: UUID) -> Draft {
        if random.once(in: 4) { return arrival(stream, patient) }
        let scheduled = clock.adding(minutes: Int64.random(in: 0...3000, using: &random))
        return Draft(
            stream: stream, actor: "fay", type: .sessionBooked,
            data: [
                "patient": .string(patient.lowercase), "number": .number(JSONNumber(Int.random(in: 1...6, using: &random))),
                "scheduled_at": .string(scheduled.description), "duration_min": 120,
            ])
    }

    private mutating func arrival(_ stream: StreamID, _ patient: UUID) -> Draft {
        Draft(
            stream: stream, actor: "fay", type: .patientArrived,
            data: ["patient": .string(patient.lowercase), "weight_kg": .number(JSONNumber(thousandths: 70_500))])
    }

    private mutating func step(of stream: StreamID, _ anyone: UUID) -> Draft {
        let state = SessionState(history(stream))
        let patient = random.once(in: 20) ? anyone : state.patient ?? anyone
        guard state.exists else { return booking(stream, anyone) }
        guard state.arrival != nil else { return arrival(stream, patient) }
        if random.once(in: 25) {
            return [booking(stream, anyone), arrival(stream, anyone)].randomElement(using: &random) ?? vitals(stream)
        }
        if random.once(in: 3) { return vitals(stream) }
        if let rate = state.rate { return infusing(stream, rate, state) }
        guard state.runs.isEmpty || random.once(in: 15) else { return recovering(stream, state) }
        let site: JSON = ["site": "forearm", "side": "left", "gauge": 22, "attempts": 1, "patent": true]
        guard state.isIVIn else { return Draft(stream: stream, actor: "nia", type: .ivInserted, data: site) }
        var start: [String: JSON] = [
            "drug": "ketamine", "vial": .string((vials.randomElement(using: &random) ?? random.uuid()).lowercase),
            "concentration_mg_per_ml": 1,
            "rate_mg_per_h": .number(JSONNumber(thousandths: Int64.random(in: 20_000...60_000, using: &random))), "planned_min": 40,
            "prescriber": "dr.lin",
        ]
        if random.once(in: 3) { start["bolus_mg"] = 7 }
        return Draft(stream: stream, actor: "nia", type: .infusionStarted, data: .object(start))
    }

    private mutating func infusing(_ stream: StreamID, _ rate: MilligramsPerHour, _ state: SessionState) -> Draft {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1:
            let to = random.once(in: 4) ? 0 : Int64.random(in: 15_000...75_000, using: &random)
            return Draft(
                stream: stream, actor: "nia", type: .doseAdjusted,
                data: [
                    "from_rate_mg_per_h": .number(JSONNumber(thousandths: rate.thousandths)),
                    "to_rate_mg_per_h": .number(JSONNumber(thousandths: to)), "reason": "titration", "ordered_by": "dr.lin",
                ])
        case 2:
            let effect: JSON = random.once(in: 2) ? "nausea" : "dissociation"
            let grade = JSON.number(JSONNumber(Int.random(in: 1...3, using: &random)))
            return Draft(
                stream: stream, actor: "nia", type: .sideEffectObserved,
                data: ["effect": effect, "grade": grade, "relatedness": "probable", "action": "none"])
        case 3:
            guard let open = state.sideEffects.first(where: { $0.resolved == nil }) else { return vitals(stream) }
            return Draft(
                stream: stream, actor: "nia", type: .sideEffectResolved,
                data: ["effect": .string(open.observed.body.effect.rawValue), "observed": .string(open.observed.id.lowercase)])
        case 4 where random.once(in: 2):
            return Draft(
                stream: stream, actor: "nia", type: .infusionStopped, data: ["reason": "complete", "total_mg": 23, "total_ml": 23])
        default: return vitals(stream)
        }
    }

    private mutating func recovering(_ stream: StreamID, _ state: SessionState) -> Draft {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return Draft(stream: stream, actor: "nia", type: .ivRemoved, data: ["site": "forearm", "side": "left", "intact": true])
        case 1: return Draft(stream: stream, actor: "dr.lin", type: .dischargeOrdered, data: ["by": "dr.lin"])
        case 2:
            return Draft(
                stream: stream, actor: "fay", type: .driverConfirmed,
                data: ["name": "Ben", "relationship": "brother", "adult": true, "method": "in_person", "stage": "release"])
        case 3, 4:
            let total = Int.random(in: 8...10, using: &random)
            return Draft(
                stream: stream, actor: "nia", type: .recoveryScored,
                data: [
                    "scale": "aldrete", "total": .number(JSONNumber(total)),
                    "items": [
                        "activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": .number(JSONNumber(total - 8)),
                    ],
                ])
        case 5:
            return Draft(stream: stream, actor: "nia", type: .discharged, data: ["instructions_version": "1", "condition": "Well."])
        default: return Draft(stream: stream, actor: "nia", type: .noteRecorded, data: ["text": "Resting."])
        }
    }

    private mutating func vitals(_ stream: StreamID) -> Draft {
        var data: [String: JSON] = [
            "phase": "infusion", "heart_rate": 72, "source": "manual", "spo2_percent": .number(JSONNumber(thousandths: 97_500)),
        ]
        if !random.once(in: 5) {
            data["systolic_mmhg"] = .number(JSONNumber(Int.random(in: 100...180, using: &random)))
            data["diastolic_mmhg"] = 78
        }
        return Draft(stream: stream, actor: random.once(in: 9) ? "noa" : "nia", type: .vitalsRecorded, data: .object(data))
    }
}

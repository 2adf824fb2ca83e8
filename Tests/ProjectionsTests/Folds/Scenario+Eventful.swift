import Canonical
import Clinic
import Foundation

@testable import Projections

extension Scenario {
    /// A day with one of everything: a bolus, titration, a pause, side effects, an amended and a voided set of vitals, a late note, an override,
    /// and names that are not ASCII.
    static func eventful() -> Scenario {
        var scenario = Scenario(arrived: false)
        scenario.plan("2026-02-20", bolus: "0.1")
        scenario.record(
            .noteRecorded, on: .patient(patient), "2026-03-09", by: "petra",
            ["text": "日本語を話す。Prefers the window chair, and a very dim light."])
        scenario.arrive("09:02", kilograms: "61.5")
        scenario.driver("09:10", "expected")
        scenario.vitals(
            "09:21", "baseline",
            data: [
                "heart_rate": 71, "systolic_mmhg": 118, "diastolic_mmhg": 74, "spo2_percent": 98, "respiratory_rate": 14, "pain_nrs": 7,
                "temperature_c": .decimal("36.6"),
            ])
        scenario.insert("09:24")
        scenario.start("09:30:00", "18.45", bolus: "5")
        scenario.vitals("09:35:00")
        scenario.adjust("09:35:20", "18.45", "24.6")
        let swapped = scenario.vitals(
            "09:40", data: ["heart_rate": 167, "systolic_mmhg": 131, "diastolic_mmhg": 82, "spo2_percent": 97, "pain_nrs": 5])
        let twice = scenario.vitals("09:40:30")
        let dissociation = scenario.record(
            .sideEffectObserved, "09:43", ["effect": "dissociation", "grade": 2, "relatedness": "probable", "action": "paused"])
        scenario.adjust("09:43:30", "24.6", "0", "side_effect")
        scenario.vitals(
            "09:45", data: ["heart_rate": 80, "systolic_mmhg": 134, "diastolic_mmhg": 84, "absent": ["spo2_percent": "probe off"]])
        scenario.record(.sideEffectResolved, "09:52", ["effect": "dissociation", "observed": .id(dissociation)])
        scenario.vitals("09:56")
        scenario.adjust("09:57", "0", "18.45", "resume")
        scenario.record(
            .sideEffectObserved, "09:59",
            ["effect": "other", "grade": 1, "relatedness": "possible", "action": "none", "note": "metallic taste"])
        scenario.stop("10:00", total: "11.304")
        scenario.vitals("10:05", "recovery")
        scenario.score("10:20", 9)
        scenario.record(.ivRemoved, "10:28", ["site": "forearm", "side": "left", "intact": true])
        scenario.order("10:30")
        scenario.discharge("10:34", override: .gate(.driver))
        scenario.record(.noteRecorded, "10:31", recorded: "13:45", ["text": "Brother waits downstairs; phoned him."])
        scenario.amend(
            swapped, at: "10:50",
            [
                "phase": "infusion", "source": "manual", "heart_rate": 76, "systolic_mmhg": 131, "diastolic_mmhg": 82, "spo2_percent": 97,
                "pain_nrs": 5,
            ])
        scenario.void(twice, "10:51", by: "petra")
        return scenario
    }
}

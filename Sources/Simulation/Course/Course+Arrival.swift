import Canonical

extension Course {
    /// At the desk, on the chair, the line in the arm, the drug drawn up.
    func arrive() {
        var arrival: [String: JSON] = [
            "patient": .string(patient.id), "weight_kg": .thousandths(weight * 100),
            "last_clear_liquid_at": .time(at(-150 - chance.between(0, 60))), "last_light_meal_at": .time(at(-420 - chance.between(0, 240))),
        ]
        if number == 1 { arrival["height_cm"] = .whole(patient.height) }
        if chance.happens(perMille: 600) { arrival["last_heavy_meal_at"] = .time(at(-680 - chance.between(0, 200))) }
        add("PatientArrived", -34, chance.between(0, 59), by: desk, arrival)
        if signsAnew { sign(-28) }
        if chance.happens(perMille: 700) {
            let expected: [String: JSON] = [
                "name": .string(patient.driver.name), "relationship": .string(patient.driver.relation), "adult": true, "method": "phone",
                "stage": "expected",
            ]
            add("DriverConfirmed", -25, chance.between(0, 59), by: desk, expected)
        }
        vitals(-14, chance.between(0, 40), phase: "baseline")["temperature_c"] = .thousandths(36_500 + 100 * chance.between(-3, 5))
        var assessment: [String: JSON] = ["pain_nrs": .whole(body.pain), "oriented": true]
        if patient.isWoman, patient.born.fullYears(until: setting.date(day: slot.day)) < 52 { assessment["pregnancy_test"] = "negative" }
        add("PreInfusionAssessed", -12, chance.between(0, 40), assessment)
        insertLine()
        let dispensed: [String: JSON] = [
            "session": .string(id), "patient": .string(patient.id), "drawn_mg": .thousandths(drawn), "to": .string(nurse),
        ]
        add("DrugDispensed", -6, by: witness, on: vial.stream, dispensed)
        vitals(-4, chance.between(0, 40), phase: "baseline")
    }

    @discardableResult
    func sign(_ minute: Int) -> Draft {
        add("ConsentSigned", minute, on: patient.stream, patient.consent(day: slot.day, at: at(minute), setting))
    }

    private func insertLine() {
        let site = chance.pick(["antecubital_fossa", "antecubital_fossa", "forearm", "hand", "wrist"])
        let side = chance.pick(["left", "right"])
        let gauge = chance.pick([20, 22, 22, 24])
        var attempts = 1
        if chance.happens(perMille: 120) {
            attempts = 2
            let failed: [String: JSON] = [
                "site": .string(site), "side": .string(side), "gauge": .whole(gauge),
                "reason": .string(chance.pick(["vein rolled", "no return"])),
            ]
            add("IVAttemptFailed", -10, chance.between(0, 30), failed)
        }
        let line: [String: JSON] = [
            "site": .string(site), "side": .string(side), "gauge": .whole(gauge), "attempts": .whole(attempts), "patent": true,
        ]
        add("IVInserted", -9, chance.between(0, 50), line)
    }
}

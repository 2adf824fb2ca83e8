import Canonical

extension Course {
    /// From the stop to the door.
    func recover() {
        let isLong = openEffects.contains { $0.grade >= 3 }
        leave = stop + setting.recoveryMin(day: slot.day) + 4 + chance.between(0, 12) + (isLong ? 30 : 0)
        for minute in stride(from: stop + 3, to: leave - 6, by: 10) { vitals(minute, chance.between(0, 30), phase: "recovery") }
        score(stop + 8, consciousness: 1, circulation: chance.between(1, 2))
        waste()
        resolve()
        if let line = find("IVInserted").last {
            let removed: [String: JSON] = ["site": line["site"] ?? "hand", "side": line["side"] ?? "left", "intact": true]
            add("IVRemoved", leave - 11, chance.between(0, 40), removed)
        }
        score(leave - 9, consciousness: 2, circulation: 2)
        let release: [String: JSON] = [
            "name": .string(patient.driver.name), "relationship": .string(patient.driver.relation), "adult": true, "method": "in_person",
            "stage": "release",
        ]
        add("DriverConfirmed", leave - 6, chance.between(0, 40), release)
        add("DischargeOrdered", leave - 5, chance.between(0, 40), by: prescriber, ["by": .string(prescriber)])
        settle(vitals(leave - 3, chance.between(0, 30), phase: "discharge"))
        add(
            "Discharged", leave,
            [
                "instructions_version": "i1", "condition": "awake, walking without help", "released_to": .string(patient.driver.name),
            ])
    }

    private func score(_ minute: Int, consciousness: Int, circulation: Int) {
        let oxygen = chance.between(1, 2)
        let items: [String: JSON] = [
            "activity": 2, "respiration": 2, "circulation": .whole(circulation), "consciousness": .whole(consciousness),
            "oxygen": .whole(oxygen),
        ]
        add(
            "RecoveryScored", minute, 15,
            ["scale": "aldrete", "items": .object(items), "total": .whole(4 + circulation + consciousness + oxygen)])
    }

    /// What is left in the bag, watched by the other nurse. A single-dose vial is then empty, and counted as that.
    private func waste() {
        let left: [String: JSON] = [
            "amount_mg": .thousandths(drawn - given), "manner": "poured into the cartridge that makes it irretrievable",
            "witness": .string(witness), "session": .string(id),
        ]
        add("DrugWasted", stop + 11, chance.between(0, 40), on: vial.stream, left)
        guard setting.usesSingleDoses else { return }
        add("VialCounted", stop + 13, chance.between(0, 40), on: vial.stream, ["on_hand_mg": 0, "witness": .string(witness)])
    }

    private func resolve() {
        for (observed, minute, grade) in openEffects {
            let earliest = max(minute + 6, grade > 1 ? stop + 4 : minute + 15)
            let over = min(leave - 14, earliest + chance.between(0, 20))
            add("SideEffectResolved", over, 55, ["effect": observed["effect"] ?? "other", "observed": observed.id])
        }
    }

    /// Nobody is sent home whose pressure is not back near the baseline; the nurse waits and reads again until it is.
    private func settle(_ reading: Draft) {
        guard let baseline = find("VitalsRecorded", where: { $0["phase"] == "baseline" }).last else { return }
        for key in ["systolic_mmhg", "diastolic_mmhg"] {
            let (base, now) = ((baseline[key]?.thousandths ?? 0) / 1000, (reading[key]?.thousandths ?? 0) / 1000)
            reading[key] = .whole(min(base * 114 / 100, max(base * 88 / 100, now)))
        }
        let (systolic, diastolic) = (
            (reading["systolic_mmhg"]?.thousandths ?? 0) / 1000, (reading["diastolic_mmhg"]?.thousandths ?? 0) / 1000
        )
        reading["map_mmhg"] = .whole((systolic + 2 * diastolic) / 3)
    }

    /// What is put right, and what comes late, in the ordinary way.
    func tidy() {
        let readings = find("VitalsRecorded") { $0["phase"] == "recovery" && $0.at > self.at(self.stop + 12) }
        guard let reading = readings.first else { return }
        switch chance.between(0, 99) {
        case 0..<4:
            let right = reading.data
            reading["heart_rate"] = .thousandths((right["heart_rate"]?.thousandths ?? 0) + 100_000)
            let correction: [String: JSON] = [
                "target": reading.id, "reason": "Typing error: heart rate 100 too high", "data": .object(right),
            ]
            add("EventAmended", leave - 1, correction)
        case 4..<6:
            let double = add("VitalsRecorded", 0, reading.data)
            double.at = reading.at.adding(seconds: 20)
            add("EventVoided", leave - 1, 20, ["target": double.id, "reason": "Same reading entered twice"])
        case 6..<9: reading.chartedAt = at(leave + chance.between(20, 160))
        case 9..<16:
            let notes = [
                "Music through headphones; asks for less light.", "Family called to come a quarter of an hour later.",
                "Recalls floating, not unpleasant.",
                "Prefers the chair by the window next time.",
            ]
            add("NoteRecorded", stop + 20, ["text": .string(chance.pick(notes))])
        default: return
        }
    }
}

import Canonical

extension Course {
    /// Hundredths of mg/kg/h.
    private static let (gentlest, highest) = (20, 45)
    /// A bag is made of a vial of 100 mg.
    private static let most = 95_000

    func infuse() {
        let first = Course.gentlest + 5 * min(number - 1, 2)
        body.rate = first
        rates = [(0, first)]
        var data: [String: JSON] = [
            "drug": "ketamine", "vial": .string(vial.id), "concentration_mg_per_ml": 1, "rate_mg_per_h": .thousandths(first * weight),
            "pump": .string("pump-\(slot.chair + 1)"), "planned_min": .whole(patient.minutes), "prescriber": .string(prescriber),
        ]
        if let bolus = patient.bolusMax, chance.happens(perMille: 400) {
            data["bolus_mg"] = .thousandths(bolus * weight)
            give(bolus)
        }
        add("InfusionStarted", 0, data)
        var minute = cadence
        while minute < patient.minutes, !isStoppedEarly {
            let reading = vitals(minute, hasMonitor ? 0 : chance.between(0, 35), phase: "infusion")
            let isAnswered = watch(minute)
            if !isAnswered { titrate(minute, with: reading) }
            minute += cadence
        }
        if !isStoppedEarly { stop = patient.minutes }
        body.pass(to: stop)
        body.rate = 0
        let total = given
        add(
            "InfusionStopped", stop,
            [
                "reason": isStoppedEarly ? "adverse_event" : "complete", "total_mg": .thousandths(total), "total_ml": .thousandths(total),
            ])
    }

    private func give(_ bolus: Int) {
        boluses += bolus
        body.give(bolus: bolus)
    }

    /// What the pump gave, µg: the exact integral of the charted rates, rounded once, and the boluses. At 1 mg/mL also the microlitres.
    var given: Int { amount(until: stop * 60) }

    private func amount(until end: Int) -> Int {
        var sum = 0
        for (index, step) in rates.enumerated() {
            let next = index + 1 < rates.count ? rates[index + 1].second : end
            sum += step.rate * weight * (next - step.second)
        }
        return (2 * sum + 3600) / 7200 + boluses * weight
    }

    // MARK: Dose

    private func titrate(_ minute: Int, with reading: Draft) {
        let rate = body.rate
        if rate == 0 {
            // Paused: on again once it has passed.
            if body.effect < 400 { change(minute, to: max(Course.gentlest, lastFlowing - 10), "resume", with: reading) }
            return
        }
        if (reading["systolic_mmhg"]?.thousandths ?? 0) > 172_000, rate > Course.gentlest {
            change(minute, to: rate - 5, "vitals", with: reading)
        } else if minute >= 15, minute % 15 < cadence, rate < Course.highest, body.pain > 2, openEffects.allSatisfy({ $0.grade < 2 }),
            mayRaise(minute, to: rate + 5)
        {
            change(minute, to: rate + 5, "titration", with: reading)
        }
    }

    private var lastFlowing: Int { rates.last { $0.rate > 0 }?.rate ?? Course.gentlest }

    /// Whether the whole session at that rate stays within plan and bag.
    private func mayRaise(_ minute: Int, to rate: Int) -> Bool {
        let rest = rate * weight * (patient.minutes - minute) / 60
        let whole = amount(until: minute * 60) + rest
        return whole < Course.most && whole < (Patient.maxDose - 5) * weight
    }

    private func change(_ minute: Int, to rate: Int, _ reason: String, with reading: Draft?) {
        let data: [String: JSON] = [
            "from_rate_mg_per_h": .thousandths(body.rate * weight), "to_rate_mg_per_h": .thousandths(rate * weight),
            "reason": .string(reason),
            "ordered_by": .string(prescriber),
        ]
        body.rate = rate
        rates.append((minute * 60 + 40, rate))
        let adjustment = add("DoseAdjusted", minute, 40, data)
        // By hand, a reading and the change that follows from it are charted together.
        if !hasMonitor, let reading {
            reading.batch = 1000 + minute
            adjustment.batch = 1000 + minute
        }
    }

    // MARK: Side effects

    private static let effects = [
        ("dissociation", 9), ("dizziness", 7), ("nausea", 6), ("drowsiness", 5), ("nystagmus", 4), ("blurred_vision", 4),
        ("paraesthesia", 3),
        ("anxiety", 3), ("hallucination", 2), ("vomiting", 1), ("headache", 1), ("agitation", 1),
    ]

    /// The more effect, the likelier a side effect, and the graver. Says whether the dose was changed for one.
    private func watch(_ minute: Int) -> Bool {
        guard chance.happens(perMille: min(400, body.effect * patient.sensitivity / 1000 * 27 * cadence / 1000)) else { return false }
        var place = chance.between(0, Course.effects.reduce(0) { $0 + $1.1 } - 1)
        var name = ""
        for (effect, weight) in Course.effects {
            name = effect
            place -= weight
            if place < 0 { break }
        }
        guard !openEffects.contains(where: { $0.draft["effect"] == .string(name) }) else { return false }
        let grade = severity()
        let isOfMind = ["dissociation", "hallucination", "anxiety", "agitation"].contains(name)
        let action =
            grade >= 3
            ? "stopped" : grade == 2 ? (name == "nausea" || name == "vomiting" ? "medication" : isOfMind ? "slowed" : "none") : "none"
        let observed = add(
            "SideEffectObserved", minute, 50,
            [
                "effect": .string(name), "grade": .whole(grade), "relatedness": .string(isOfMind ? "definite" : "probable"),
                "action": .string(action),
            ])
        openEffects.append((observed, minute, grade))
        switch action {
        case "medication":
            let ondansetron: [String: JSON] = [
                "drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": .string(name),
                "ordered_by": .string(prescriber),
            ]
            add("MedicationGiven", minute + 2, chance.between(0, 30), ondansetron)
        case "slowed" where body.rate > 10:
            change(minute + 1, to: chance.happens(perMille: 250) ? 0 : body.rate - 10, "side_effect", with: nil)
            return true
        case "stopped":
            stop = minute + 2
            isStoppedEarly = true
            return true
        default: break
        }
        return false
    }

    private func severity() -> Int {
        if body.effect > 950, chance.happens(perMille: 35) { return 3 }
        return chance.happens(perMille: body.effect > 850 ? 380 : 120) ? 2 : 1
    }
}

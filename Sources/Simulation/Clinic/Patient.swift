import Canonical

/// Somebody who comes to the clinic: the body at rest, how it answers, and the plan.
struct Patient {
    let key: String
    let id: String
    let planID: String
    let mrn: String
    let family: String
    let given: String
    let born: CalendarDate
    let isWoman: Bool
    /// Tenths of a kilogram, so that doses in hundredths of mg/kg are whole micrograms.
    let weight: Int
    let height: Int
    let systolic: Int
    let diastolic: Int
    let heart: Int
    let saturation: Int
    /// By how much pressure and heart rate rise at full effect, per mille.
    let pressureGain: Int
    let heartGain: Int
    /// How much the pain falls in a session, per mille, and how readily side effects come.
    let relief: Int
    let sensitivity: Int
    /// Headache days, migraine days, MIDAS and HIT-6 at the first consultation.
    let burden: (headache: Int, migraine: Int, midas: Int, hit6: Int)
    let pain: Int
    let candidacy: String
    let sessions: Int
    let intervalDays: Int
    let minutes: Int
    /// Hundredths of mg/kg; nil where the plan allows no bolus.
    let bolusMax: Int?
    let driver: (name: String, relation: String)

    /// Hundredths of mg/kg/h and mg/kg.
    static let maxRate = 50
    static let maxDose = 90
    static let target = 50

    var stream: String { "patient/\(id)" }
    var name: String { "\(given) \(family)" }
    var isResponder: Bool { relief >= 400 }

    init(_ number: Int, _ setting: Setting, _ log: ClinicLog) {
        key = "patient/\(number)"
        var chance = setting.chance(key)
        id = log.identifier(key)
        planID = log.identifier("plan/\(number)")
        mrn = "\(setting.handle.prefix(2).uppercased())-\(10_000 + number)"
        isWoman = chance.happens(perMille: 720)
        family = chance.pick(Names.families) + (chance.happens(perMille: 250) ? "-" + chance.pick(Names.families) : "")
        given = chance.pick(isWoman ? Names.women : Names.men)
        born = CalendarDate(dayNumber: setting.start.dayNumber - Int64(chance.between(19 * 366, 68 * 365)))
        weight = isWoman ? chance.between(495, 905) : chance.between(610, 1180)
        height = isWoman ? chance.between(152, 180) : chance.between(164, 196)
        systolic = chance.between(106, 136)
        diastolic = systolic * 62 / 100 + chance.between(-3, 4)
        heart = chance.between(60, 82)
        saturation = chance.between(96, 99)
        pressureGain = chance.between(110, 220)
        heartGain = chance.between(90, 200)
        relief = chance.happens(perMille: 620) ? chance.between(400, 850) : chance.between(0, 220)
        sensitivity = chance.between(500, 1500)
        let migraine = chance.between(8, 19)
        burden = (min(30, migraine + chance.between(2, 9)), migraine, chance.between(24, 130), chance.between(58, 72))
        pain = chance.between(5, 9)
        let fate = chance.between(0, 99)
        candidacy = fate < 4 ? "not_candidate" : fate < 8 ? "deferred" : "candidate"
        sessions = chance.between(4, 6)
        intervalDays = chance.pick([7, 14, 14, 21])
        minutes = chance.pick([60, 80, 90])
        bolusMax = chance.happens(perMille: 350) ? 10 : nil
        driver = (
            "\(chance.pick(chance.happens(perMille: 500) ? Names.women : Names.men)) \(chance.pick(Names.families))",
            chance.pick(Names.relations)
        )
    }
}

extension Patient {
    var registration: [String: JSON] {
        let number = Int(mrn.suffix(5)) ?? 0
        return [
            "mrn": .string(mrn), "family": .string(family), "given": [.string(given)], "birth_date": .string(born.description),
            "sex": isWoman ? "female" : "male", "phone": .string("802-555-01\(10 + number % 90)"),
            "address": [
                "line": [.string("\(1 + number % 190) \(Names.streets[number % Names.streets.count])")], "city": "Nowhere", "state": "VT",
                "postal_code": "05999", "country": "US",
            ],
            "identifiers": [["system": "https://insurer.example.org/member", "value": .string("EX\(700_000 + number * 37)")]],
        ]
    }

    func plan(by prescriber: String) -> [String: JSON] {
        var data: [String: JSON] = [
            "plan": .string(planID), "sessions": .whole(sessions), "interval_days": .whole(intervalDays),
            "target_mg_per_kg": .thousandths(Patient.target * 10), "max_mg_per_kg": .thousandths(Patient.maxDose * 10),
            "max_rate_mg_per_kg_per_h": .thousandths(Patient.maxRate * 10), "duration_min": .whole(minutes),
            "prescriber": .string(prescriber),
        ]
        if let bolusMax { data["bolus_max_mg_per_kg"] = .thousandths(bolusMax * 10) }
        return data
    }

    /// - Parameter share: what is left of the burden, per mille.
    func burden(left share: Int) -> [String: JSON] {
        let migraine = burden.migraine * share / 1000
        return [
            "headache_days_per_month": .whole(max(migraine, burden.headache * share / 1000)), "migraine_days_per_month": .whole(migraine),
            "midas": .whole(burden.midas * share / 1000), "hit6": .whole(max(36, burden.hit6 - 20 + 20 * share / 1000)),
        ]
    }

    /// - Parameter present: the code of a contraindication that was found.
    func consultation(left share: Int, candidacy: String, present: String? = nil, rationale: String, _ chance: inout Chance) -> [String:
        JSON]
    {
        let codes = [
            "uncontrolled_cardiovascular", "psychosis", "severe_hepatic", "raised_icp", "raised_iop", "substance_use", "pregnancy",
            "ketamine_allergy",
        ]
        let controlled = chance.happens(perMille: 80) ? "uncontrolled_cardiovascular" : ""
        var data = burden(left: share)
        data["diagnosis"] = ["code": "1.3", "text": "Chronic migraine"]
        data["attack_hours"] = ["min": .whole(chance.between(4, 8)), "max": .whole(chance.between(20, 72))]
        data["symptoms"] = ["photophobia", "phonophobia", "nausea", "throbbing_pain"]
        data["prior_treatments"] = [
            ["class": "triptan", "name": .string(chance.pick(["sumatriptan", "rizatriptan", "eletriptan"])), "outcome": "partial"],
            ["class": "preventive", "name": .string(chance.pick(["topiramate", "propranolol", "amitriptyline"])), "outcome": "none"],
        ]
        data["medications"] = [.string(chance.pick(["magnesium", "candesartan 8 mg", "riboflavin", "naproxen as needed"]))]
        data["allergies"] = chance.happens(perMille: 150) ? ["penicillin"] : []
        data["asa_class"] = .whole(chance.between(1, 2))
        data["contraindications"] = .array(
            codes.map { code in
                ["code": .string(code), "status": .string(code == present ? "present" : code == controlled ? "controlled" : "absent")]
            })
        data["candidacy"] = .string(candidacy)
        data["rationale"] = .string(rationale)
        return data
    }

    func consent(day: Int, at time: Timestamp, _ setting: Setting) -> [String: JSON] {
        let version = setting.formVersion(day: day)
        return [
            "form": .string(House.form), "form_version": .string(House.versionName(version)),
            "form_digest": .string(House.digest(version: version, setting)), "signer": ["name": .string(name), "role": "patient"],
            "method": "electronic", "meaning": "I have read and understood the form and agree to the treatment", "signed_at": .time(time),
        ]
    }
}

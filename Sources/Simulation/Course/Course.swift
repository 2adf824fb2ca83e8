import Canonical

/// One session, from the arrival to the discharge, as it goes when all goes well. Faults change it before it is charted.
final class Course {
    let setting: Setting
    let staff: Staff
    let log: ClinicLog
    let patient: Patient
    /// In the series, from 1.
    let number: Int
    let slot: Slot
    let id: String
    let start: Timestamp
    let nurse: String
    let witness: String
    let prescriber: String
    let desk: String
    /// Tenths of a kilogram, at this arrival.
    let weight: Int
    /// Minutes between readings, and whether the monitor sends them, three at a time.
    let cadence: Int
    let hasMonitor: Bool
    var chance: Chance
    var body: Body
    var events: [Draft] = []
    /// Minutes from the start.
    var stop = 0
    var leave = 0
    /// Hundredths of mg/kg/h by second from the start, and boluses in hundredths of mg/kg.
    var rates: [(second: Int, rate: Int)] = []
    var boluses = 0
    let vial: Vial
    let drawn: Int
    /// Whether the patient signs the consent form anew on arrival.
    let signsAnew: Bool
    var openEffects: [(draft: Draft, minute: Int, grade: Int)] = []
    var isStoppedEarly = false

    init(_ visit: Visit, _ patient: Patient, _ staff: Staff, _ cabinet: Cabinet, signsAnew: Bool, _ setting: Setting, _ log: ClinicLog) {
        (self.setting, self.staff, self.log, self.patient, self.signsAnew) = (setting, staff, log, patient, signsAnew)
        (number, slot, id) = (visit.number, visit.slot, visit.id)
        chance = setting.chance(visit.key)
        start = setting.time(day: slot.day, minute: visit.startMinute)
        let nurses = staff.nurses(day: slot.day)
        nurse = nurses[slot.chair % nurses.count]
        witness = nurses[(slot.chair + 1) % nurses.count]
        prescriber = staff.prescriber(day: slot.day)
        desk = staff.desk(day: slot.day)
        weight = patient.weight + chance.between(-8, 8)
        hasMonitor = chance.happens(perMille: 400)
        cadence = setting.vitalsGapMin == 5 ? (hasMonitor ? 5 : 4) : (hasMonitor ? 5 : 10)
        body = Body(patient, setting.chance(visit.key + "/body"))
        let take = cabinet.draw(for: weight, at: start.adding(minutes: -6), day: slot.day, nurse: witness, witness: nurse)
        (vial, drawn) = (take.vial, take.amount)
        arrive()
        infuse()
        recover()
        tidy()
    }

    var stream: String { "session/\(id)" }

    // MARK: Building blocks, also for the faults

    func at(_ minute: Int, _ second: Int = 0) -> Timestamp { start.adding(minutes: Int64(minute)).adding(seconds: Int64(second)) }

    @discardableResult
    func add(_ type: String, _ minute: Int, by actor: String? = nil, on other: String? = nil, _ data: [String: JSON]) -> Draft {
        add(type, minute, 0, by: actor, on: other, data)
    }

    @discardableResult
    func add(
        _ type: String, _ minute: Int, _ second: Int, by actor: String? = nil, on other: String? = nil, _ data: [String: JSON]
    ) -> Draft {
        let draft = log.draft(type, on: other ?? stream, by: actor ?? nurse, at: at(minute, second), data)
        events.append(draft)
        return draft
    }

    func find(_ type: String, where isMeant: (Draft) -> Bool = { _ in true }) -> [Draft] {
        events.filter { $0.type == type && isMeant($0) }
    }

    func drop(where isMeant: (Draft) -> Bool) { events.removeAll(where: isMeant) }

    @discardableResult
    func vitals(_ minute: Int, _ second: Int = 0, phase: String) -> Draft {
        body.pass(to: max(0, minute))
        let reading = body.read()
        let isFromMonitor = hasMonitor && phase == "infusion"
        var data: [String: JSON] = [
            "phase": .string(phase), "heart_rate": .whole(reading.heart), "systolic_mmhg": .whole(reading.systolic),
            "diastolic_mmhg": .whole(reading.diastolic), "map_mmhg": .whole(reading.mean), "spo2_percent": .whole(reading.saturation),
            "respiratory_rate": .whole(reading.breaths), "source": .string(isFromMonitor ? "device" : "manual"),
        ]
        if isFromMonitor { data["device"] = .string("monitor-\(slot.chair + 1)") }
        if phase != "infusion" || minute % 15 < cadence { data["pain_nrs"] = .whole(reading.pain) }
        if phase == "infusion", minute % 10 < cadence {
            data["moaas"] = .whole(reading.alertness)
            if reading.alertness <= 3 { data["etco2_mmhg"] = .whole(36 + chance.between(-2, 4)) }
        }
        let draft = add("VitalsRecorded", minute, second, data)
        if isFromMonitor { draft.batch = minute / (3 * cadence) }
        return draft
    }
}

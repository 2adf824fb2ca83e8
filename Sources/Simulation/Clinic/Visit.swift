/// What is planned for a patient, one booking after another, before anything is charted.
struct Visit {
    enum Fate {
        case kept
        /// Called off some days before.
        case cancelled
        /// Nobody came.
        case missed
        /// After the end of the simulation.
        case awaited
    }

    let patient: Int
    /// In the series, from 1. A booking that was called off or missed is made anew under the same number.
    let number: Int
    let key: String
    let id: String
    let slot: Slot
    /// Of the local day: some minutes after the slot's. Drugs are drawn up in this order.
    let startMinute: Int
    let fate: Fate
    let isLast: Bool
}

/// When a patient is first seen, and the visits that follow.
struct Journey {
    let patient: Patient
    /// The consultation.
    let day: Int
    let minute: Int
    let visits: [Visit]
    /// After so many sessions the patient wants no more; nil for those who finish.
    let withdrawsAfter: Int?

    init(_ number: Int, _ setting: Setting, _ log: ClinicLog, _ diary: inout Diary) {
        patient = Patient(number, setting, log)
        var chance = setting.chance("journey/\(number)")
        // Over the whole time, as they come; the first on the second day.
        let span = max(1, setting.days - 40)
        day = setting.nextOpen(day: 1 + (number * span / max(1, setting.patients)) + chance.between(0, 3))
        minute = 540 + chance.between(0, 36) * 10
        withdrawsAfter = chance.happens(perMille: 25) ? chance.between(1, 3) : nil
        guard patient.candidacy == "candidate" else {
            visits = []
            return
        }
        var planned: [Visit] = []
        var next = day + chance.between(4, 9)
        var session = 1
        while session <= min(patient.sessions, withdrawsAfter ?? patient.sessions) {
            guard let slot = diary.book(from: next, &chance) else { break }
            let roll = chance.between(0, 99)
            let fate: Visit.Fate = slot.day >= setting.days ? .awaited : roll < 4 ? .cancelled : roll < 6 ? .missed : .kept
            let key = "session/\(number)/\(planned.count)"
            planned.append(
                Visit(
                    patient: number, number: session, key: key, id: log.identifier(key), slot: slot,
                    startMinute: Slot.starts[slot.place] + chance.between(0, 9), fate: fate,
                    isLast: session == min(patient.sessions, withdrawsAfter ?? patient.sessions)))
            if fate == .awaited { break }
            if fate == .kept { session += 1 }
            if fate == .cancelled { diary.free(slot) }
            next = slot.day + (fate == .kept ? patient.intervalDays : chance.between(3, 8))
        }
        visits = planned
    }
}

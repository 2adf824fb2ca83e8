import Canonical

/// What one simulated clinic is like.
struct Setting {
    let handle: String
    let city: String
    let index: Int
    let seed: UInt64
    /// The first day, a working day; the clinic opens on it.
    let start: CalendarDate
    /// Days from the first to the last, both included.
    let days: Int
    let patients: Int
    let chairs: Int
    let hasFaults: Bool

    /// Every second clinic reads vitals every 5 minutes as in monitored anaesthesia care, the others every 15.
    var vitalsGapMin: Int { index.isMultiple(of: 2) ? 5 : 15 }
    /// Every second clinic opens a single-dose vial of 100 mg for each session, the others draw from vials of 500 mg.
    var usesSingleDoses: Bool { index.isMultiple(of: 2) }

    func chance(_ name: String) -> Chance { Chance(seed, "\(handle)/\(name)") }

    /// Local time is UTC − 5 all year. Minutes may be negative or past the day.
    func time(day: Int, minute: Int, second: Int = 0) -> Timestamp {
        Timestamp(microseconds: (start.dayNumber + Int64(day)) * 86_400_000_000).adding(minutes: Int64(minute + 300)).adding(
            seconds: Int64(second))
    }

    func date(day: Int) -> CalendarDate { CalendarDate(dayNumber: start.dayNumber + Int64(day)) }

    /// Monday to Friday, but for New Year, the Fourth of July and Christmas.
    func isOpen(day: Int) -> Bool {
        let date = date(day: day)
        // 1970-01-01 was a Thursday.
        let weekday = ((date.dayNumber + 3) % 7 + 7) % 7
        let (_, month, number) = date.components
        return weekday < 5 && !(month == 1 && number == 1) && !(month == 7 && number == 4) && !(month == 12 && number == 25)
    }

    func nextOpen(day: Int) -> Int {
        var day = day
        while !isOpen(day: day) { day += 1 }
        return day
    }

    // What changes in the course of the year.

    var newFormDay: Int { nextOpen(day: days * 2 / 5) }
    var newPolicyDay: Int { nextOpen(day: days / 2) }
    /// The day on which the new policy comes into force.
    var newPolicyInForceDay: Int { newPolicyDay + 12 }
    /// The day from which a nurse's place is somebody else's.
    var newNurseDay: Int { nextOpen(day: days * 3 / 5) }

    func recoveryMin(day: Int) -> Int { day >= newPolicyInForceDay ? 40 : 30 }
    func formVersion(day: Int) -> Int { day > newFormDay ? 2 : 1 }
}

/// The hour at which an infusion may start, and the chair: what a booking takes.
struct Slot {
    let day: Int
    let place: Int
    let chair: Int

    /// Minutes of the local day. Between two starts on a chair there is time for the longest session and the next patient's arrival.
    static let starts = [520, 725, 925]
}

/// Which chair is taken when.
struct Diary {
    private var taken: [Bool]
    private let chairs: Int
    private let setting: Setting

    init(_ setting: Setting) {
        self.setting = setting
        chairs = setting.chairs
        // A course that begins at the end may be booked past it.
        taken = Array(repeating: false, count: (setting.days + 120) * Slot.starts.count * setting.chairs)
    }

    /// The first free place from a day on; nil past the diary's end.
    mutating func book(from day: Int, _ chance: inout Chance) -> Slot? {
        var day = day
        while day < setting.days + 119 {
            day = setting.nextOpen(day: day)
            let first = chance.between(0, Slot.starts.count * chairs - 1)
            for offset in 0..<(Slot.starts.count * chairs) {
                let place = (first + offset) % (Slot.starts.count * chairs)
                let index = day * Slot.starts.count * chairs + place
                guard index < taken.count else { return nil }
                if !taken[index] {
                    taken[index] = true
                    return Slot(day: day, place: place / chairs, chair: place % chairs)
                }
            }
            day += 1
        }
        return nil
    }

    mutating func free(_ slot: Slot) {
        taken[(slot.day * Slot.starts.count + slot.place) * chairs + slot.chair] = false
    }
}

public import Canonical
import Foundation

/// Believable care at made-up clinics, as import files. The same parameters give the same bytes on every machine.
///
/// One clinic is made at a time, so memory holds one clinic.
public struct Simulation: Sendable {
    public let clinics: Int
    /// Of each clinic.
    public let patients: Int
    public let months: Int
    public let seed: UInt64
    /// The day on which the clinics open; the next working day where it is none.
    public let start: CalendarDate
    public let hasFaults: Bool

    public static let largestClinicCount = Names.clinics.count
    public static let mostPatients = 20_000
    public static let mostMonths = 120

    /// - Parameters:
    ///   - clinics: 1 to ``largestClinicCount``.
    ///   - patients: of each clinic, 1 to ``mostPatients``.
    ///   - months: 3 to ``mostMonths``.
    public init(clinics: Int, patients: Int, months: Int, seed: UInt64, start: CalendarDate, hasFaults: Bool = false) {
        self.clinics = min(max(clinics, 1), Simulation.largestClinicCount)
        self.patients = min(max(patients, 1), Simulation.mostPatients)
        self.months = min(max(months, 3), Simulation.mostMonths)
        self.seed = seed
        self.start = start
        self.hasFaults = hasFaults
    }

    /// What was made of one clinic.
    public struct Outcome: Sendable {
        public let clinic: String
        public let events: Int
        public let sessions: Int
        public let expected: [PlantedFault]
        /// Faults for which the clinic was too small.
        public let unplanted: [String]
    }

    /// Makes clinic `index`, from 0, and gives its import lines in the order of charting.
    public func run(_ index: Int, line: (String) throws -> Void) rethrows -> Outcome {
        let setting = setting(index)
        // Every parameter is part of the ids, so that two simulations never use one command for two things.
        let name = "simulation/\(seed)/\(clinics)/\(patients)/\(months)/\(start)/\(hasFaults)/\(setting.handle)"
        let root = UUID.v5(namespace: Simulation.namespace, name: name)
        let log = ClinicLog(clinic: setting.handle, namespace: root)
        let year = ClinicYear(setting, log)
        year.live()
        var planting = Planting(year)
        if hasFaults { planting.plant() }
        year.chart()
        try log.write(line)
        return Outcome(
            clinic: setting.handle, events: log.events, sessions: year.courses.count, expected: planting.expected,
            unplanted: planting.unplanted)
    }

    public static func handle(of index: Int) -> String { Names.clinics[index].0 }

    /// The URL namespace of RFC 9562, and our name in it.
    private static let namespace = UUID.v5(
        namespace: UUID(uuid: (0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8)),
        name: "https://dripline.example.org/simulation")

    private func setting(_ index: Int) -> Setting {
        let days = months * 365 / 12
        // Three starts a chair and day, five days a week; about one in four stays free.
        let perDay = patients * 5 * 7 / (days * 5) + 1
        let (handle, city) = Names.clinics[index]
        return Setting(
            handle: handle, city: city, index: index, seed: seed, start: start, days: days, patients: patients,
            chairs: max(2, perDay * 4 / 9 + 1), hasFaults: hasFaults)
    }
}

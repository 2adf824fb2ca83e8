import ArgumentParser
import Canonical
import Foundation
import Simulation

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write import files of made-up clinics.",
        discussion: """
            One file of JSON lines a clinic, for import. The same options give the same bytes on every machine. With --faults, violations of the rules \
            are planted, and expected.json says which verdict each must get; every other verdict must be pass, not_applicable, or indeterminate where \
            something is still open. Needs no database.
            """)

    @Option(help: "How many clinics, 1 to \(Simulation.largestClinicCount).") var clinics = 1
    @Option(help: "Patients of each clinic, 1 to \(Simulation.mostPatients).") var patients = 200
    @Option(help: "Months, 3 to \(Simulation.mostMonths).") var months = 12
    @Option(help: "Another seed, other clinics.") var seed: UInt64 = 1
    @Option(help: "The day on which the clinics open, such as 2025-01-06.") var from = DayArgument(day: Simulate.opening)
    @Option(help: "The directory for the files; made where it is missing. Files of the same names are replaced.") var out: String
    @Flag(help: "Plant violations, and write expected.json.") var faults = false
    @Flag(help: "Report as JSON.") var json = false

    private static let opening = CalendarDate(year: 2025, month: 1, day: 6) ?? CalendarDate(dayNumber: 20_094)

    func validate() throws {
        guard (1...Simulation.largestClinicCount).contains(clinics), (1...Simulation.mostPatients).contains(patients),
            (3...Simulation.mostMonths).contains(months)
        else {
            throw ValidationError(
                "Give 1 to \(Simulation.largestClinicCount) clinics, 1 to \(Simulation.mostPatients) patients and 3 to \(Simulation.mostMonths) months."
            )
        }
    }

    func run() async throws {
        let simulation = Simulation(
            clinics: clinics, patients: patients, months: months, seed: seed, start: from.day, hasFaults: faults)
        var outcomes: [Simulation.Outcome] = []
        do {
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            for index in 0..<clinics {
                Terminal.progress("clinic \(index + 1) of \(clinics)")
                outcomes.append(try write(simulation, index))
            }
            if faults { try Data((report(outcomes) + "\n").utf8).write(to: file("expected.json")) }
        } catch let error as CocoaError {
            throw Failure.input("The files can't be written to \(out) (\(error.code.rawValue)); check the directory.")
        }
        Terminal.endProgress()
        for outcome in outcomes { Terminal.print(json ? outcome.json.canonical : outcome.text) }
    }

    private func file(_ name: String) -> URL { URL(filePath: out).appending(path: name) }

    /// A clinic is collected and written as a whole: it is in memory anyway.
    private func write(_ simulation: Simulation, _ index: Int) throws -> Simulation.Outcome {
        var text = Data()
        let outcome = simulation.run(index) { line in
            text.append(contentsOf: line.utf8)
            text.append(UInt8(ascii: "\n"))
        }
        try text.write(to: file("\(outcome.clinic).jsonl"))
        return outcome
    }

    /// An object, one fault a line.
    private func report(_ outcomes: [Simulation.Outcome]) -> String {
        let faults = outcomes.flatMap(\.expected).map { "  " + $0.json.canonical }.joined(separator: ",\n")
        let unplanted = outcomes.flatMap { outcome in
            outcome.unplanted.map { ["clinic": .string(outcome.clinic), "fault": .string($0)] as JSON }
        }
        let rows = unplanted.map { "  " + $0.canonical }.joined(separator: ",\n")
        return """
            {"faults":[
            \(faults)
            ],
            "others":["pass","not_applicable","indeterminate"],
            "unplanted":[
            \(rows)
            ]}
            """
    }
}

extension Simulation.Outcome {
    fileprivate var text: String {
        let planted = Set(expected.map(\.fault)).count
        let missing = unplanted.isEmpty ? "" : "; too small for \(unplanted.joined(separator: ", "))"
        let faults = expected.isEmpty ? "" : ", \(planted) faults planted\(missing)"
        return "\(clinic): \(Terminal.grouped(events)) events, \(Terminal.grouped(sessions)) sessions\(faults)"
    }

    fileprivate var json: JSON {
        [
            "clinic": .string(clinic), "events": .number(JSONNumber(events)), "sessions": .number(JSONNumber(sessions)),
            "faults": .number(JSONNumber(Set(expected.map(\.fault)).count)), "unplanted": .array(unplanted.map { .string($0) }),
        ]
    }
}

/// A date of the calendar.
struct DayArgument: ExpressibleByArgument {
    let day: CalendarDate

    init(day: CalendarDate) { self.day = day }

    init?(argument: String) {
        guard let day = CalendarDate(argument) else { return nil }
        self.day = day
    }

    var defaultValueDescription: String { day.description }
}

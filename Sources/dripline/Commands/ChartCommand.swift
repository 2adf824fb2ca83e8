import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service

struct ChartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart",
        abstract: "Print a patient's chart, as it is now or as it stood.",
        discussion: """
            The patient is named by their id, their MRN, or a part of their name. --at asks what had happened by then, --known-at what had been \
            recorded by then, --position what the log held up to there; they may be combined. With --diff N1 N2, what came, was amended and was voided \
            between two positions or times, and what follows from it.
            """)

    @OptionGroup var clinic: ClinicOption
    @OptionGroup var within: BoundsOptions
    @OptionGroup var difference: DiffOption
    @Flag(help: "As one JSON object.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("The patient: an id, an MRN, or a part of a name.", valueName: "patient")) var patient: String

    func validate() throws { try difference.validate(within) }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let id = try await Self.find(patient, clinic: log.clinic, in: database)
            if difference.isGiven {
                let (from, to) = try difference.points(at: within.at)
                guard let found = try await database.ledger.diff(of: id, clinic: log.clinic, from: from, to: to) else {
                    throw Failure.input("Nothing was known of this patient at the second point.")
                }
                return Terminal.print(
                    json ? found.diff.json.canonical : found.diff.text(of: found.patient, style: Terminal.style, width: Terminal.width))
            }
            let chart =
                within.isBounded
                ? try await database.ledger.chart(of: id, clinic: log.clinic, bounds: within.bounds)
                : try await database.ledger.chart(of: id, clinic: log.clinic)
            guard let chart else { throw Failure.input("Nothing was known of this patient then.") }
            Terminal.print(json ? chart.json.canonical : chart.text(style: Terminal.style, width: Terminal.width, within: within.bounds))
        }
    }

    /// The patient whom an id, an MRN or a part of a name means.
    static func find(_ text: String, clinic: String, in database: Database) async throws -> UUID {
        if let id = IdentifierArgument(argument: text)?.id { return id }
        let found = try await database.ledger.patients(matching: text, clinic: clinic, limit: 20)
        if let exact = found.first(where: { $0.mrn == text }) { return exact.id }
        guard let only = found.first else { throw Failure.input("Clinic \(clinic) has no patient of that id, MRN or name.") }
        guard found.count == 1 else {
            let lines = found.map { "  \($0.id.lowercase)  \($0.mrn ?? "")  \(($0.given + [$0.family ?? ""]).joined(separator: " "))" }
            throw Failure.input("Several patients match; name one by its id or MRN:\n" + lines.joined(separator: "\n"))
        }
        return only.id
    }
}

extension Terminal {
    static var style: TextStyle { usesColour ? .ansi : .plain }
    /// What the pages are laid out for: the terminal's columns, 80 to 160; 100 where the output is no terminal.
    static var width: Int {
        var size = winsize()
        guard isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return min(max(Int(size.ws_col), 80), 160)
    }
}

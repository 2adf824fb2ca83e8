import ArgumentParser
import Canonical
import Clinic
import Ledger
import Projections
import Service

struct PatientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patients",
        abstract: "List a clinic's patients, by name.",
        discussion: """
            All, or those that a text means: an MRN, a part of a name, or the beginning of an id. With --at, --known-at or --position, the list as it \
            stood, under the names of then.
            """)

    @OptionGroup var clinic: ClinicOption
    @OptionGroup var within: BoundsOptions
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 200
    @Flag(help: "JSON lines, one a patient.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("An MRN, a part of a name, or the beginning of an id.", valueName: "text")) var text = ""

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is from 1.") }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let found =
                within.isBounded
                ? try await database.ledger.patients(matching: text, clinic: log.clinic, limit: limit, bounds: within.bounds)
                : try await database.ledger.patients(matching: text, clinic: log.clinic, limit: limit)
            if json {
                for line in found { Terminal.print(line.json.canonical) }
                return
            }
            Terminal.print(PatientSummary.text(found, style: Terminal.style, width: Terminal.width))
        }
    }
}

import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service

struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List a clinic's sessions, the latest first.",
        discussion: "With --at, --known-at or --position, the list as it stood: `--phase active --at T` is who was in the chairs then.")

    @OptionGroup var clinic: ClinicOption
    @OptionGroup var within: BoundsOptions
    @Option(help: ArgumentHelp("Only those in this phase; active: arrived, and not discharged.", valueName: "phase")) var phase: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 100
    @Flag(help: "JSON lines, one a session.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is from 1.") }
        if let phase, SessionQuery.states(named: phase) == nil {
            throw ValidationError("There is no phase \(phase); there are \(SessionQuery.stateNames.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let query = SessionQuery(states: phase.flatMap(SessionQuery.states), limit: limit)
            let found =
                within.isBounded
                ? try await database.ledger.sessions(of: log.clinic, query, bounds: within.bounds)
                : try await database.ledger.sessions(of: log.clinic, query)
            if json {
                for line in found { Terminal.print(line.json.canonical) }
                return
            }
            let names = try await ComplianceCommand.names(clinic: log.clinic, in: database)
            Terminal.print(SessionSummary.text(found, names: names, style: Terminal.style, width: Terminal.width))
        }
    }
}

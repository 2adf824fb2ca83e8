import ArgumentParser
import Canonical
import Foundation
import Ledger
import Projections
import Service

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "session", abstract: "Print one session's flowsheet.")

    @OptionGroup var clinic: ClinicOption
    @Flag(help: "As one JSON object.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("The session's id, a UUID.", valueName: "session")) var session: IdentifierArgument

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            guard let found = try await database.ledger.session(session.id, clinic: log.clinic) else {
                throw Failure.input("Clinic \(log.clinic) has no session \(session.id.lowercase).")
            }
            if json { return Terminal.print(found.json.canonical) }
            var patient: Chart.Patient?
            if let id = found.patient { patient = try await database.ledger.chart(of: id, clinic: log.clinic)?.patient }
            Terminal.print(found.text(of: patient, style: Terminal.style, width: Terminal.width))
        }
    }
}

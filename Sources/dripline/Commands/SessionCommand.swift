import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Print one session's flowsheet, as it is now or as it stood.",
        discussion: "--at, --known-at and --position bound what is shown, as for `dripline chart`.")

    @OptionGroup var clinic: ClinicOption
    @OptionGroup var within: BoundsOptions
    @OptionGroup var difference: DiffOption
    @Flag(help: "As one JSON object.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("The session's id, a UUID.", valueName: "session")) var session: IdentifierArgument

    func validate() throws { try difference.validate(within) }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let (bounds, ledger) = (within.bounds, database.ledger)
            if difference.isGiven {
                let (from, to) = try difference.points(at: within.at)
                guard let diff = try await ledger.diff(ofSession: session.id, clinic: log.clinic, from: from, to: to) else {
                    throw Failure.input("Clinic \(log.clinic) had no session \(session.id.lowercase) at the second point.")
                }
                return Terminal.print(json ? diff.json.canonical : diff.text(of: nil, style: Terminal.style, width: Terminal.width))
            }
            let found =
                within.isBounded
                ? try await ledger.session(session.id, clinic: log.clinic, bounds: bounds)
                : try await ledger.session(session.id, clinic: log.clinic)
            guard let found else {
                throw Failure.input(
                    "Clinic \(log.clinic) has no session \(session.id.lowercase)\(within.isBounded ? " within these bounds" : "").")
            }
            if json { return Terminal.print(found.json.canonical) }
            var patient: Chart.Patient?
            if let id = found.patient { patient = try await ledger.chart(of: id, clinic: log.clinic, bounds: bounds)?.patient }
            Terminal.print(found.text(of: patient, style: Terminal.style, width: Terminal.width, within: bounds))
        }
    }
}

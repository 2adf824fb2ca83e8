import ArgumentParser
import Canonical
import Foundation
import Ledger
import Projections
import Service

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "Print who saw what of whom: a patient's account of reads and disclosures, or a clinic's.",
        discussion: """
            With --patient, all that concerns one patient, and the files about the whole clinic that may hold this patient too: what a patient may ask \
            for (45 CFR 164.528). CSV, or JSON lines.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("The patient's id.", valueName: "uuid")) var patient: String?
    @Option(help: ArgumentHelp("Only what this member of staff did.", valueName: "handle")) var by: String?
    @Option(help: ArgumentHelp("csv (default) or json, an object a line.", valueName: "format")) var format: ReportFormat = .csv
    @OptionGroup var options: DatabaseOptions

    /// Lines read at a time.
    private static let page = 1000

    func validate() throws {
        if let patient, UUID(canonical: patient) == nil { throw ValidationError("--patient is a UUID; `dripline patients` lists them.") }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let id = patient.flatMap(UUID.init(canonical:))
            var query = AccessQuery(patient: id, withExports: id != nil, limit: Self.page)
            query.actor = by
            if format == .csv { Terminal.print(AccessSummary.csvHeader + "\r") }
            while Terminal.isRead {
                let found = try await database.ledger.accesses(of: log.clinic, query)
                for line in found { Terminal.print(format == .csv ? line.csv + "\r" : line.json.canonical) }
                guard found.count == query.limit, let last = found.last else { return }
                query.after = last.position
            }
        }
    }
}

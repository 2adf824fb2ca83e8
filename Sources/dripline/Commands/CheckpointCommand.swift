import ArgumentParser
import Ledger
import Service
import Tlog

struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign what a clinic's log holds now, and print the checkpoint.",
        discussion: """
            Where `dripline serve` runs, the log is sealed as it grows, and this prints the last checkpoint. Keep it elsewhere: \
            `dripline verify --against` later proves that the log only grew from it.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("record or access.", valueName: "log")) var log = LogName.Kind.record
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database).with(self.log)
            try await database.sealing(onFirstKey: Keys.announce).catchUp()
            guard let signed = try await database.ledger.checkpoint(of: log) else { throw Failure.no("\(log) holds nothing to sign.") }
            Terminal.print(String(signed.note.description.dropLast()))
        }
    }
}

import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service
import Tlog

struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that an event is in a clinic's log, or that the log only grew.",
        discussion: """
            With a position: a proof file (C2SP tlog-proof) of that entry in the last checkpoint. With --from and --to: the hashes that lead from the log's \
            first A events to its first B (RFC 9162), with both roots.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("record or access.", valueName: "log")) var log = LogName.Kind.record
    @Argument(help: ArgumentHelp("The event's position.", valueName: "position")) var position: Int64?
    @Option(help: ArgumentHelp("The smaller size.", valueName: "size")) var from: UInt64?
    @Option(help: ArgumentHelp("The larger size (default: that of the last checkpoint).", valueName: "size")) var to: UInt64?
    @Option(help: ArgumentHelp("Write the proof into this file.", valueName: "file")) var out: String?
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (position == nil) != (from == nil) else { throw ValidationError("Give a position, or --from and --to.") }
        guard from != nil || to == nil else { throw ValidationError("--to goes with --from.") }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database).with(self.log)
            let text =
                if let position {
                    try await database.ledger.proof(of: position, in: log).description
                } else {
                    try await consistency(log, database.ledger)
                }
            guard let out else { return Terminal.print(String(text.dropLast())) }
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
            } catch {
                throw Failure.input("\(out) cannot be written.")
            }
        }
    }

    private func consistency(_ log: LogName, _ ledger: Ledger) async throws -> String {
        let to: UInt64
        if let wanted = self.to {
            to = wanted
        } else {
            guard let signed = try await ledger.checkpoint(of: log) else { throw ProofError.unsealed(log) }
            to = signed.checkpoint.size
        }
        let proof = try await ledger.consistency(from: from ?? 0, to: to, in: log)
        return proof.json.canonical + "\n"
    }
}

import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service
import Tlog

struct Append: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record one request, given as JSON.",
        discussion: """
            The request names a command (a UUID that you choose: sending it again is safe), a stream, and one event flat or several in "events":

              {"command":"0198f7a2-0000-7000-8000-000000000001","stream":"session/…","type":"NoteRecorded",
               "occurred_at":"2026-11-22T15:30:00Z","data":{"text":"Resting."}}
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("The staff handle that charts it.", valueName: "handle")) var actor: String
    @Flag(help: "Answer as JSON.") var json = false
    @Flag(help: "Also sign what the log holds now, unless it is signed already, and print each event's proof (C2SP tlog-proof).")
    var proof = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: "The file that holds the request; - or nothing for standard input.") var file = "-"

    func run() async throws {
        let request = try read()
        try await options.run { database in
            let recorded = try await database.recorder.record(request, in: try clinic.log, actor: actor)
            let proofs = proof ? try await prove(recorded, in: try clinic.log.with(request.stream.kind.log), database) : [:]
            if json { return Terminal.print(recorded.json(command: request.command.lowercase, proofs: proofs).canonical) }
            for (event, receipt) in zip(request.events, recorded.receipts) {
                Terminal.print(
                    "\(event.type) on \(request.stream): position \(receipt.position), version \(receipt.version), recorded \(receipt.recordedAt)"
                        + (recorded.isRepeat ? " (it was there already)" : ""))
                if let proof = proofs[receipt.position] { Terminal.print(String(proof.description.dropLast())) }
            }
        }
    }

    /// What is recorded stays recorded: where it cannot be signed, the error says why, after the fact.
    private func prove(_ recorded: Recorder.Recorded, in log: LogName, _ database: Database) async throws -> [Int64: ProofFile] {
        let positions = recorded.receipts.map(\.position)
        let last = positions.max() ?? 0
        if try await database.ledger.checkpoint(of: log).map({ $0.checkpoint.size < UInt64(last) }) ?? true {
            try await database.sealing(onFirstKey: Keys.announce).catchUp()
            // Where a sealer is at work already, it is its checkpoint that comes.
            _ = try await database.ledger.waitForCheckpoint(of: log, covering: last, limit: .seconds(10))
        }
        let proofs = try await database.ledger.proofs(of: positions, in: log)
        guard proofs.count == recorded.receipts.count else {
            throw Failure.no("It is recorded, but not signed yet: ask `dripline prove --clinic \(log.clinic) \(last)` later.")
        }
        return proofs
    }

    private func read() throws -> AppendRequest {
        let bytes: Data
        do {
            bytes = try file == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw Failure.input("\(file) cannot be read: \(error.localizedDescription)")
        }
        guard !bytes.isEmpty else { throw Failure.input("There is no request: give it as a file, or on standard input.") }
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            throw Failure.input("The request is \(error.description).")
        }
        do {
            return try AppendRequest(json, form: .single)
        } catch {
            throw Failure(RecordingError.invalid(error))
        }
    }
}

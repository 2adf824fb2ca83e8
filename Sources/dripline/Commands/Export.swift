import ArgumentParser
import Clinic
import Foundation
import Ledger
import Service

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a clinic's logs, byte for byte, into a folder that anybody can check and audit.",
        discussion: """
            DIR/entries.jsonl has entry n on line n, DIR/payloads.jsonl its payload and salt, DIR/checkpoint, DIR/vkey and DIR/tile/ what proves them \
            (C2SP tlog-tiles); DIR/access/ has the same of the log of accesses. \
            DIR must be new or empty, and appears when it is complete. It holds clinical content: keep it as you keep the record. That it was written, \
            by whom and what for, stands in the clinic's access log.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("The folder to write.", valueName: "dir")) var out: String
    @Option(help: ArgumentHelp("Who exports it: a staff handle (default: operator, and the login of this machine).", valueName: "handle"))
    var actor: String?
    @Option(help: ArgumentHelp("What for.", valueName: "text")) var purpose: String?
    @OptionGroup var positions: PositionOptions
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let actor, !StaffHandle.isValid(actor) {
            throw ValidationError("--actor is a staff handle: 1 to 64 of letters, digits and . _ -, starting with a letter or digit.")
        }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            let sealing = try database.sealing(onFirstKey: Keys.announce)
            try await sealing.catchUp()
            let keys = try database.signingKeys()
            let bounds = try await database.ledger.withSnapshot(of: log.clinic) { logs in
                let bounds = try await logs.bounds(record: positions.position, access: positions.accessPosition)
                let folder = try StagedFolder(for: out)
                do {
                    try await LogExport.write(logs, upTo: bounds, into: folder) { done, all in
                        Terminal.progress(
                            "exporting \(Terminal.bar(all > 0 ? Double(done) / Double(all) : 1)) \(Terminal.grouped(done)) events")
                    }
                    try await SealedExport.write(database.ledger, logs, upTo: bounds, into: folder) { keys?.verifiers(for: $0) ?? [] }
                    // Before it appears: what can't be written down does not go out.
                    try await database.exported(
                        "whole record", format: "folder", purpose: purpose, from: log.clinic, by: actor ?? Operator.handle)
                    try folder.commit()
                } catch {
                    folder.discard()
                    throw error
                }
                return bounds
            }
            Terminal.endProgress()
            Terminal.print(
                "\(log.clinic): \(Terminal.grouped(bounds.record)) events of the record and \(Terminal.grouped(bounds.access)) accesses in \(out)."
            )
        }
    }
}

/// Whoever runs the command on this machine, where they name no member of staff.
enum Operator {
    static var handle: String {
        let name = ProcessInfo.processInfo.userName.filter { StaffHandle.isValid("x\($0)") }
        return "operator." + (name.isEmpty ? "unknown" : String(name.prefix(40)))
    }
}

/// How far the two logs of a clinic are read.
struct PositionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The record up to this position (default: all of it).", valueName: "n")) var position: Int64?
    @Option(
        help: ArgumentHelp(
            "The log of accesses up to this position (default: what was recorded there before --position was, or all of it).",
            valueName: "n"))
    var accessPosition: Int64?

    func validate() throws {
        if let position, position < 0 { throw ValidationError("--position is from 0.") }
        if let accessPosition, accessPosition < 0 { throw ValidationError("--access-position is from 0.") }
    }
}

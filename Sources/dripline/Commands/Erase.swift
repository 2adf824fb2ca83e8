import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service

struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase a patient's data for good, where the law allows it.",
        discussion: """
            Takes the payloads, salts and override reasons of every event of the patient out of both logs, and their rows out of every read model, in \
            one transaction; the entries, and with them every proof, stay. Before the retention date of the policy in force it takes a legal order. \
            Two different members of staff approve it: compliance, prescriber or administrator. \
            Then the files are rewritten, which locks one table after another: with --scrub-later, do that with `dripline scrub` in a quiet hour. \
            What remains in backups and archived write-ahead log, see the README.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("The patient: an id, an MRN, or a part of a name.", valueName: "patient")) var patient: String
    @Option(help: ArgumentHelp("Which law or order asks for it, in words.", valueName: "text")) var authority: String
    @Flag(help: "The authority is an order of a court or an authority: it does not wait for the retention date.") var legalOrder = false
    @Option(help: ArgumentHelp("Who approves it, a staff handle; given twice.", valueName: "staff")) var approvedBy: [String]
    @Flag(help: "Leave the rewriting of the files to `dripline scrub`.") var scrubLater = false
    @Flag(help: "The result as one JSON object.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let id = try await ChartCommand.find(patient, clinic: log.clinic, in: database)
            let request = ErasureRequest(patient: id, authority: authority, isLegalOrder: legalOrder, approvers: approvedBy)
            let erasure = try await database.eraser.erase(request, clinic: log.clinic, now: .now())
            let report = scrubLater ? nil : try await Scrub.run(database)
            if json { return Terminal.print(Self.json(erasure, of: id, report).canonical) }
            for kind in LogName.Kind.allCases {
                guard let receipt = erasure.events[kind] else { continue }
                Terminal.print(
                    "Erased: the data of \(receipt.erased) events of \(log.with(kind)); position \(receipt.position) says so.")
            }
            if let report {
                Scrub.print(report)
            } else {
                Terminal.print("Run `dripline scrub` in a quiet hour: the old bytes stand in the files until then.")
            }
        }
    }

    private static func json(_ erasure: Eraser.Erasure, of patient: UUID, _ report: Scrubber.Report?) -> JSON {
        var members: [String: JSON] = ["patient": .string(patient.lowercase), "scrubbed": .bool(report?.leftOver.isEmpty == true)]
        for (kind, receipt) in erasure.events {
            members[kind.rawValue] = [
                "position": .number(JSONNumber(receipt.position)), "erased": .number(JSONNumber(receipt.erased)),
            ]
        }
        if let report { members["left_over"] = .array(report.leftOver.map { .string($0) }) }
        return .object(members)
    }
}

struct Scrub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rewrite the database's files, so that nothing that was erased is left in them.",
        discussion:
            "Each table is locked while it is rewritten; about 10 s for a million events. `dripline erase` does it unless told otherwise.")

    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in Self.print(try await Self.run(database)) }
    }

    static func run(_ database: Database) async throws -> Scrubber.Report {
        let report = try await database.scrubber.scrub { Terminal.progress("rewriting \($0)") }
        Terminal.endProgress()
        return report
    }

    static func print(_ report: Scrubber.Report) {
        Terminal.print("Rewritten: \(report.tables.count) tables, \(report.segmentsRemoved) segments of the write-ahead log passed over.")
        for sentence in report.leftOver { Terminal.print("Left over: \(sentence)") }
    }
}

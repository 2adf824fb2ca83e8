import ArgumentParser
import Foundation
import Ledger
import Postgres
import Projections
import Service

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Dripline with a fictional clinic.",
        discussion: """
            Starts the database, imports the seeds, runs the projections, verifies the log, and prints a chart and the compliance view. Run again, it \
            finds the data there; `dripline serve` serves it.
            """)

    @Option(help: ArgumentHelp("The folder of import files (default: seeds, here or beside the program).", valueName: "dir")) var seeds:
        String?
    @OptionGroup var options: DatabaseOptions

    static let clinic = "hickory"

    func run() async throws {
        let files = try Self.files(in: seeds)
        try await options.run { database in
            if let server = database.server {
                heading("Database")
                Terminal.print("PostgreSQL in \(server.dataDirectory), \(server.startedHere ? "started" : "running already").")
            }
            guard let log = LogName(clinic: Self.clinic) else { return }
            heading("Import")
            let report = try await Importer(database.recorder).run(files)
            if report.commands == 0, report.refused.isEmpty {
                Terminal.print(
                    "The clinic \(log.clinic) is there already: all \(Terminal.grouped(report.repeated)) requests were recorded before.")
            } else {
                Terminal.print(report.text)
            }
            guard report.refused.isEmpty else { throw Failure.input("The seeds do not fit this program.") }

            heading("Projections")
            try await database.projector.catchUp()
            for status in try await database.ledger.projectionStatus() where status.clinic == log.clinic {
                Terminal.print("\(status.name): position \(Terminal.grouped(status.position)), lag \(status.lag)")
            }
            heading("Verification")
            let verification = try await Verify.verify(log, in: database)
            Terminal.print(verification.text)
            guard verification.isIntact else { throw ExitCode(1) }

            heading("A chart: dripline chart --clinic \(log.clinic) …")
            if let patient = try await database.ledger.patientWithMostInfusions(clinic: log.clinic),
                let chart = try await database.ledger.chart(of: patient, clinic: log.clinic)
            {
                Terminal.print(chart.text(style: Terminal.style, width: Terminal.width))
            }
            heading("The compliance view: dripline compliance --clinic \(log.clinic)")
            let judgements = try await database.ledger.judgements(of: log.clinic)
            let names = try await ComplianceCommand.names(clinic: log.clinic, in: database)
            Terminal.print(ComplianceView(judgements, names: names).text(style: Terminal.style, width: Terminal.width))
        }
    }

    private func heading(_ text: String) { Terminal.print("\n== \(text) " + String(repeating: "=", count: max(3, 96 - text.count)) + "\n") }

    /// The import files in order. Looked for where it was said, in this directory, and in those above the program.
    static func files(in folder: String?) throws -> [String] {
        var folders = [folder ?? "seeds"]
        if folder == nil {
            var above = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            for _ in 0..<4 {
                folders.append(above.appendingPathComponent("seeds").path)
                above.deleteLastPathComponent()
            }
            folders.append("/usr/share/dripline/seeds")
        }
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let files = names.filter { $0.hasSuffix(".jsonl") }.sorted()
            if !files.isEmpty { return files.map { folder + "/" + $0 } }
        }
        throw Failure.input("There are no import files in \(folders[0]): name the folder with --seeds, or run it in the project's folder.")
    }
}

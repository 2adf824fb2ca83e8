import ArgumentParser
import Canonical
import Foundation
import Postgres
import Service
import Simulation

/// An import of simulated care, every line decided, against binary COPY of the very rows that it wrote into a table of the log's shape.
struct ImportBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import simulated events, beside binary COPY of the same rows into the same table shape.")

    @Option(help: "About how many events.") var events = 500_000
    @Option(help: "Of how many clinics, a file each.") var clinics = 4
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-import-\(UUID().lowercase.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let files = try write(to: directory)
        try await BenchClinic.with(sessions: 1) { clinic in
            let before = ProcessUse(postmaster: clinic.database.server.flatMap(ProcessUse.postmaster(of:)))
            let start = ContinuousClock.now
            let report = try await Importer(clinic.database.recorder).run(files)
            let time = (ContinuousClock.now - start) / .seconds(1)
            let after = ProcessUse(postmaster: clinic.database.server.flatMap(ProcessUse.postmaster(of:)))
            guard report.refused.isEmpty else {
                print("\(report.refused.count) lines were refused; the first: \(report.refused[0].message)")
                throw ExitCode.failure
            }
            let copied = try await copy(clinic)
            let events = Double(report.events)
            var figures = Figures("import")
            figures.add("events", events)
            figures.add("events_per_second", events / time)
            figures.add("copy_rows_per_second", copied)
            figures.ratio(events / time / copied)
            figures.add("own_processor_us_an_event", (after.own - before.own) / events * 1e6)
            figures.add("server_processor_us_an_event", (after.server - before.server) / events * 1e6)
            try output.tell(figures)
        }
    }

    /// Simulated clinics that together have about as many events as asked for.
    private func write(to directory: URL) throws -> [String] {
        guard let start = CalendarDate(year: 2025, month: 1, day: 6) else { preconditionFailure("a date") }
        func simulation(patients: Int) -> Simulation { Simulation(clinics: clinics, patients: patients, months: 12, seed: 7, start: start) }
        let sample = 40
        let perPatient = max(1, simulation(patients: sample).run(0) { _ in }.events / sample)
        let whole = simulation(patients: max(1, events / clinics / perPatient))
        return try (0..<clinics).map { index in
            var text = Data()
            let outcome = whole.run(index) { line in
                text.append(contentsOf: line.utf8)
                text.append(UInt8(ascii: "\n"))
            }
            let file = directory.appending(path: "\(outcome.clinic).jsonl")
            try text.write(to: file)
            return file.path
        }
    }

    /// Rows a second of COPY from a file, which the server wrote and has in its cache.
    private func copy(_ clinic: BenchClinic) async throws -> Double {
        try await clinic.database.withAdministrator { connection in
            try await connection.script(
                """
                CHECKPOINT;
                CREATE TABLE bench_copy (LIKE dripline.events INCLUDING ALL);
                """)
            // Relative to the server's data directory, where it may write whoever it runs as.
            try await connection.script("COPY dripline.events TO PROGRAM 'cat > bench.copy' (FORMAT binary); CHECKPOINT")
            var rows = 0
            let time = try await elapsed {
                rows = try await connection.execute("COPY bench_copy FROM PROGRAM 'cat bench.copy' (FORMAT binary)")
            }
            return Double(rows) / time
        }
    }
}

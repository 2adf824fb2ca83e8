import ArgumentParser
import Canonical
import Foundation
import Logging
import Postgres
import Service
import Simulation

/// An import of simulated care, every line decided, against binary COPY of the very rows that it wrote into a table of the log's shape.
struct ImportBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import simulated events, beside binary COPY of the same rows into the same table shape.")

    @Option(help: "About how many events.") var events = 500_000
    @Option(help: "Of how many clinics, a file each.") var clinics = 4
    @Option(help: "Fail where the ratio of rates is below this.") var atLeast = 0.0
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-import-\(UUID().lowercase.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let files = try write(to: directory)
        try await BenchClinic.with(sessions: 1) { clinic in
            let clock = ContinuousClock()
            let start = clock.now
            let report = try await Importer(clinic.database.recorder).run(files)
            let time = (clock.now - start) / .seconds(1)
            guard report.refused.isEmpty else {
                print("\(report.refused.count) lines were refused; the first: \(report.refused[0].message)")
                throw ExitCode.failure
            }
            let copied = try await copy(clinic)
            try self.report(report.events, Double(report.events) / time, copied)
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
        guard let server = clinic.database.server else { return .nan }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        // Relative to the server's data directory, where it may write whoever it runs as.
        try await connection.script(
            """
            CHECKPOINT;
            CREATE TABLE bench_copy (LIKE dripline.events INCLUDING ALL);
            """)
        try await connection.script(
            "COPY dripline.events TO PROGRAM 'cat > bench.copy' (FORMAT binary); CHECKPOINT")
        var rows = 0
        let time = try await ContinuousClock().measure {
            rows = try await connection.execute("COPY bench_copy FROM PROGRAM 'cat bench.copy' (FORMAT binary)")
        }
        await connection.close()
        return Double(rows) / (time / .seconds(1))
    }

    private func report(_ events: Int, _ ours: Double, _ theirs: Double) throws {
        let ratio = ours / theirs
        if json {
            let members: JSON = [
                "bench": "import", "events": .number(JSONNumber(events)), "events_per_second": .number(JSONNumber(Int(ours))),
                "copy_rows_per_second": .number(JSONNumber(Int(theirs))), "ratio": .ratio(ratio),
            ]
            print(members.canonical)
        } else {
            print(String(format: "%d events: import %.0f events/s; binary COPY %.0f rows/s; ratio %.2f", events, ours, theirs, ratio))
        }
        if ratio < atLeast {
            print("The ratio is below \(atLeast).")
            throw ExitCode.failure
        }
    }
}

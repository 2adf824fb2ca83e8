import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service

/// A whole log recomputed from its stored bytes, in the database and as an export, beside reading and hashing the same bytes.
struct VerifyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a large sealed log, and its export, beside COPY out and sha256sum of the same bytes.")

    @OptionGroup var log: LogOptions
    @Option(help: "How often each is measured, in turn; the medians are given.") var rounds = 3
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchDatabase.with(log, clinics: 1) { database in
            let size = try await database.ledger.head(of: SimulatedLog.name()).size
            try await database.sealing().catchUp()
            let options = try database.verifyOptions(for: SimulatedLog.name())
            let reference = try await Reference(database, SimulatedLog.name())
            let folder = BenchDatabase.temporary()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await export(database, to: folder)

            let bytes = folder + "/bytes"
            _ = try await reference.copyOut(to: bytes)
            let stored = try await measure("verify", size) {
                let result = try await database.ledger.verify(SimulatedLog.name(), options)
                precondition(result.isIntact && result.events == size, "\(result.findings)")
            } beside: {
                [("copy_out", try await reference.copyOut()), ("sha256sum", try await Reference.sha256sum([bytes]))]
            }
            try tell(stored, size)
            try FileManager.default.removeItem(atPath: bytes)
            let files = ["entries.jsonl", "payloads.jsonl"].map { "\(folder)/export/\($0)" }
            let exported = try await measure("verify_export", size) {
                let result = try await ExportVerification.verify(folder + "/export", kind: .record, options)
                precondition(result?.isIntact == true && result?.events == size, "\(result?.findings ?? [])")
            } beside: {
                [("sha256sum", try await Reference.sha256sum(files))]
            }
            try tell(exported, size)
        }
    }

    private struct Compared {
        let bench: String
        var seconds: [Double] = []
        var processor: [Double] = []
        var peak = 0.0
        var references: [(name: String, seconds: [Double])] = []
    }

    private func measure(
        _ name: String, _ size: Int64, _ body: () async throws -> Void, beside: () async throws -> [(String, Double)]
    ) async throws -> Compared {
        var measured = Compared(bench: name)
        ProcessUse.resetPeak()
        for _ in 0..<rounds {
            let before = ProcessUse(postmaster: nil).own
            measured.seconds.append(try await elapsed(body))
            measured.processor.append(ProcessUse(postmaster: nil).own - before)
            for (index, (name, seconds)) in try await beside().enumerated() {
                if measured.references.count == index { measured.references.append((name, [])) }
                measured.references[index].seconds.append(seconds)
            }
        }
        measured.peak = ProcessUse.peakMegabytes
        return measured
    }

    private func tell(_ measured: Compared, _ size: Int64) throws {
        let (events, time) = (Double(size), measured.seconds.quantile(0.5))
        var figures = Figures(measured.bench)
        figures.add("events", events)
        figures.add("events_per_second", events / time)
        for (name, seconds) in measured.references { figures.add("\(name)_per_second", events / seconds.quantile(0.5)) }
        figures.ratio((measured.references.map { $0.seconds.quantile(0.5) }.max() ?? .nan) / time)
        figures.add("own_processor_us_an_event", measured.processor.quantile(0.5) / events * 1e6)
        figures.add("peak_mb", measured.peak)
        try output.tell(figures)
    }

    private func export(_ database: Database, to folder: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The server writes here as another user where this process is root's.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        let keys = try database.signingKeys()
        try await database.ledger.withSnapshot(of: SimulatedLog.name().clinic) { logs in
            let bounds = try await logs.bounds()
            let staged = try StagedFolder(for: folder + "/export")
            try await LogExport.write(logs, upTo: bounds, into: staged)
            try await SealedExport.write(database.ledger, logs, upTo: bounds, into: staged) { keys?.verifiers(for: $0) ?? [] }
            try staged.commit()
        }
    }
}

import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service

/// A whole log recomputed from its stored bytes, in the database and as an export, beside reading and hashing the same bytes.
struct VerifyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a large sealed log, and its export, beside COPY out and sha256sum of the same bytes.")

    @Option(help: "How many events the log holds.") var events = 1_000_000
    @Option(help: "How often each is measured, in turn; the medians are given.") var rounds = 3
    @Option(help: ArgumentHelp("Keep the database here and use it again.", valueName: "dir")) var data: String?
    @Flag(help: "JSON lines.") var json = false

    func run() async throws {
        try await BenchDatabase.with(data) { database in
            let size = try await SimulatedLog.fill(database, events: events)
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
            report(stored, size)
            try FileManager.default.removeItem(atPath: bytes)
            let files = ["entries.jsonl", "payloads.jsonl"].map { "\(folder)/export/\($0)" }
            let exported = try await measure("verify_export", size) {
                let result = try await ExportVerification.verify(folder + "/export", kind: .record, options)
                precondition(result?.isIntact == true && result?.events == size, "\(result?.findings ?? [])")
            } beside: {
                [("sha256sum", try await Reference.sha256sum(files))]
            }
            report(exported, size)
        }
    }

    private struct Measured {
        let bench: String
        var seconds: [Double] = []
        var processor: [Double] = []
        var references: [(name: String, seconds: [Double])] = []
    }

    private func measure(
        _ name: String, _ size: Int64, _ body: () async throws -> Void, beside: () async throws -> [(String, Double)]
    ) async throws -> Measured {
        var measured = Measured(bench: name)
        Usage.resetPeak()
        for _ in 0..<rounds {
            let before = Usage.processorSeconds
            measured.seconds.append(try await Reference.seconds(body))
            measured.processor.append(Usage.processorSeconds - before)
            for (index, (name, seconds)) in try await beside().enumerated() {
                if measured.references.count == index { measured.references.append((name, [])) }
                measured.references[index].seconds.append(seconds)
            }
        }
        return measured
    }

    private func report(_ measured: Measured, _ size: Int64) {
        let time = measured.seconds.quantile(0.5)
        let slower = measured.references.map { $0.seconds.quantile(0.5) }.max() ?? .nan
        func rate(_ seconds: Double) -> Int { Int(Double(size) / seconds) }
        guard !json else {
            var members: [String: JSON] = [
                "bench": .string(measured.bench), "events": .number(JSONNumber(size)), "events_per_second": .number(JSONNumber(rate(time))),
                "processor_microseconds_per_event": .number(
                    JSONNumber(thousandths: Int64(measured.processor.quantile(0.5) / Double(size) * 1e9))),
                "ratio": .number(JSONNumber(thousandths: Int64(slower / time * 1000))),
                "peak_megabytes": .number(JSONNumber(Usage.peakMegabytes)),
            ]
            for (name, seconds) in measured.references { members["\(name)_per_second"] = .number(JSONNumber(rate(seconds.quantile(0.5)))) }
            return print(JSON.object(members).canonical)
        }
        let references = measured.references.map { "\($0.name) \(rate($0.seconds.quantile(0.5)))/s" }.joined(separator: ", ")
        print(
            String(
                format: "%@ of %d events: %d/s, %.2f µs of processor an event; %@; ratio to the slower %.2f; peak %d MB", measured.bench,
                Int(size),
                rate(time), measured.processor.quantile(0.5) / Double(size) * 1e6, references, slower / time, Usage.peakMegabytes))
    }

    private func export(_ database: Database, to folder: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The server writes here as another user where this process is root's.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        let keys = try database.signingKeys()
        try await database.ledger.withSnapshot(of: SimulatedLog.clinic) { logs in
            let bounds = try await logs.bounds()
            let staged = try StagedFolder(for: folder + "/export")
            try await LogExport.write(logs, upTo: bounds, into: staged)
            try await SealedExport.write(database.ledger, logs, upTo: bounds, into: staged) { keys?.verifiers(for: $0) ?? [] }
            try staged.commit()
        }
    }
}

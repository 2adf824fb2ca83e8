import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service
import Synchronization
import Tlog

/// Sealing: its rate over a large log, how soon an event is covered, and what it costs appends.
struct SealBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seal a large log beside COPY out; the time from append to coverage; appends with and without a sealer, in turn.")

    @OptionGroup var log: LogOptions
    @Option(help: "How many append at once.") var clients = 32
    @Option(help: "Seconds of the measurement of coverage, at about 1,000 appends a second.") var seconds = 20
    @Option(help: "Pairs of two seconds each with and without a sealer.") var pairs = 10
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchDatabase.with(log, clinics: 1) { database in
            let size = try await database.ledger.head(of: SimulatedLog.name()).size
            try await rate(database, size)
            let covered = Covered()
            let sealing = try database.sealing(onCheckpoint: { log, round in covered.add(log, round.checkpoint.size) })
            try await coverage(database, sealing, covered)
            try await cost(database, sealing)
        }
    }

    // MARK: The rate

    private func rate(_ database: Database, _ size: Int64) async throws {
        let reference = try await Reference(database, SimulatedLog.name())
        // Whoever reads rows for the first time writes down in their pages that they are committed: that is to be neither of the two.
        _ = try await reference.copyOut("position, leaf, entry")
        let seconds = try await elapsed { try await database.sealing().catchUp() }
        let copied = try await reference.copyOut("position, leaf, entry")
        try tell(
            "seal",
            [
                ("leaves", Double(size)), ("leaves_per_second", Double(size) / seconds), ("copy_out_per_second", Double(size) / copied),
                ("ratio", copied / seconds),
            ])
    }

    // MARK: Coverage

    /// When each checkpoint of the record was there.
    private final class Covered: Sendable {
        private let checkpoints = Mutex<[(size: UInt64, at: ContinuousClock.Instant)]>([])

        func add(_ log: LogName, _ size: UInt64) {
            guard log == SimulatedLog.name() else { return }
            checkpoints.withLock { $0.append((size, .now)) }
        }

        /// Seconds from each of these moments to the first checkpoint that covers the position; nothing for those that none covers.
        func latencies(_ acknowledged: [(position: Int64, at: ContinuousClock.Instant)]) -> [Double] {
            let checkpoints = checkpoints.withLock { $0 }
            return acknowledged.compactMap { position, at in
                checkpoints.first { $0.size >= UInt64(position) }.map { max(0, ($0.at - at) / .seconds(1)) }
            }
        }
    }

    private func coverage(_ database: Database, _ sealing: SealingService, _ covered: Covered) async throws {
        let sealer = Task { try await sealing.run() }
        let deadline = ContinuousClock.now + .seconds(seconds)
        let acknowledged = try await withThrowingTaskGroup(of: [(position: Int64, at: ContinuousClock.Instant)].self) { group in
            for number in 0..<10 {
                group.addTask {
                    var acknowledged: [(position: Int64, at: ContinuousClock.Instant)] = []
                    while ContinuousClock.now < deadline {
                        let position = try await Self.append(database, number)
                        acknowledged.append((position, .now))
                        try await Task.sleep(for: .milliseconds(9))
                    }
                    return acknowledged
                }
            }
            return try await group.reduce(into: [], +=)
        }
        // The last ones are covered too.
        try await Task.sleep(for: .seconds(2))
        sealer.cancel()
        _ = await sealer.result
        let latencies = covered.latencies(acknowledged)
        try tell(
            "coverage",
            [
                ("appends_per_second", Double(acknowledged.count) / Double(seconds)), ("p50_milliseconds", latencies.quantile(0.5) * 1e3),
                ("p99_milliseconds", latencies.quantile(0.99) * 1e3), ("longest_milliseconds", (latencies.max() ?? .nan) * 1e3),
                ("uncovered", Double(acknowledged.count - latencies.count)),
            ])
    }

    private static func append(_ database: Database, _ number: Int) async throws -> Int64 {
        let payload =
            #"{"diastolic_mmhg":81,"heart_rate":72,"pain_nrs":3,"phase":"infusion","respiratory_rate":14,"source":"manual","spo2_percent":97,"systolic_mmhg":128}"#
        let event = NewEvent(
            stream: "session/00000000-0000-7000-8000-\(String(format: "%012d", number))", type: "VitalsRecorded", occurredAt: .now(),
            payload: payload)
        let outcome = try await database.ledger.sequencer(for: SimulatedLog.name()).append(
            AppendCommand(id: UUID(), actor: "bench", events: [event]))
        return outcome.receipts?.first?.position ?? 0
    }

    // MARK: The cost

    private func cost(_ database: Database, _ sealing: SealingService) async throws {
        _ = try await appends(database)
        try await sealing.catchUp()
        var (sealed, bare) = (0, 0)
        for pair in 0..<pairs {
            for isSealed in pair.isMultiple(of: 2) ? [true, false] : [false, true] {
                let sealer = isSealed ? Task { try await sealing.run() } : nil
                let count = try await appends(database)
                sealer?.cancel()
                _ = await sealer?.result
                if isSealed { sealed += count } else { bare += count }
                // What one measurement left must not be the work of the next.
                try await sealing.catchUp()
            }
        }
        let time = Double(2 * pairs)
        try tell(
            "seal_cost",
            [
                ("clients", Double(clients)), ("appends_per_second_sealed", Double(sealed) / time),
                ("appends_per_second_unsealed", Double(bare) / time), ("ratio", Double(sealed) / Double(bare)),
            ])
    }

    private func appends(_ database: Database) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(2)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<clients {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < deadline {
                        _ = try await Self.append(database, number)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private func tell(_ bench: String, _ values: [(name: String, value: Double)]) throws {
        var figures = Figures(bench)
        for (name, value) in values { if name == "ratio" { figures.ratio(value) } else { figures.add(name, value) } }
        try output.tell(figures)
    }
}

import ArgumentParser
import Canonical
import Foundation
import Ledger
import Postgres
import Projections
import Service
import Synchronization

/// How soon what was appended is in the chart, while a projector follows and appends come at a steady rate.
struct FollowBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "From an append's acknowledgement to the chart, at a steady rate of appends.")

    @Option(help: "Appends a second.") var rate = 1000
    @Option(help: "Seconds.") var seconds = 20
    @Option(help: "Sessions that are charted on, in turn.") var sessions = 400
    @Option(help: "Clients that append.") var clients = 16
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchClinic.with(sessions: sessions) { clinic in
            try await clinic.database.projector.catchUp()
            let following = Task { try await clinic.database.projector.run() }
            // The projections take their locks and see that there is nothing to do.
            try await Task.sleep(for: .seconds(1))
            let shown = try await measure(clinic)
            following.cancel()
            try await following.value
            var figures = Figures("follow")
            figures.add("appends_per_second", shown.rate)
            figures.add("sessions", sessions)
            figures.add("p50_ms", shown.delays.quantile(0.5) * 1e3)
            figures.add("p99_ms", shown.delays.quantile(0.99) * 1e3)
            figures.add("worst_ms", (shown.delays.max() ?? .nan) * 1e3)
            try output.tell(figures)
        }
    }

    /// When which position was reached.
    private final class Marks: Sendable {
        let list = Mutex<[(position: Int64, at: ContinuousClock.Instant)]>([])
    }

    private struct Shown {
        /// Seconds from the acknowledgement to the chart.
        var delays: [Double]
        /// What the appends came to.
        var rate: Double
    }

    private func measure(_ clinic: BenchClinic) async throws -> Shown {
        let clock = ContinuousClock()
        let acknowledged = Marks()
        let started = clock.now
        let deadline = started + .seconds(seconds)
        async let seen = look(clinic, until: deadline + .seconds(10), acknowledged: acknowledged)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var number = client
                    // Each append has its own moment; a client that falls behind does not catch up by a burst of more than its own.
                    while true {
                        let due = started + .seconds(1) * number / rate
                        if due >= deadline { return }
                        if due > clock.now { try await Task.sleep(until: due, clock: clock) }
                        let request = try BenchClinic.vitals(on: clinic.sessions[number % clinic.sessions.count])
                        let appended = try await clinic.database.recorder.record(request, in: clinic.log, actor: "adm")
                        if let position = appended.receipts.last?.position {
                            acknowledged.list.withLock { $0.append((position, clock.now)) }
                        }
                        number += clients
                    }
                }
            }
            try await group.waitForAll()
        }
        let took = (clock.now - started) / .seconds(1)
        let marks = try await seen
        let delays = acknowledged.list.withLock(\.self).compactMap { append -> Double? in
            marks.first { $0.position >= append.position }.map { max(0, ($0.at - append.at) / .seconds(1)) }
        }
        return Shown(delays: delays, rate: Double(delays.count) / took)
    }

    /// Looks at the chart's checkpoint again and again. It moves in the transaction that writes the chart, so what it has passed is to be seen.
    private func look(
        _ clinic: BenchClinic, until deadline: ContinuousClock.Instant, acknowledged: Marks
    ) async throws -> [(position: Int64, at: ContinuousClock.Instant)] {
        var marks: [(position: Int64, at: ContinuousClock.Instant)] = []
        let wanted = rate * seconds
        while ContinuousClock.now < deadline {
            let position = try await clinic.database.ledger.read { connection in
                try await connection.query(
                    "SELECT position FROM projections.checkpoints WHERE name = 'patient_chart' AND generation = 'serving' AND log = 'record'"
                ).first?.value(0, as: Int64.self) ?? 0
            }
            if position > marks.last?.position ?? 0 { marks.append((position, .now)) }
            let done = acknowledged.list.withLock { $0.count >= wanted && $0.allSatisfy { $0.position <= position } }
            if done { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        return marks
    }
}

import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service

/// How rebuild and chart do as the log grows and with a second job, each beside itself on the smallest log.
struct ScaleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Rebuild and chart over growing logs, and a rebuild by one and two jobs.")

    @Option(help: "About how many events the logs hold, the smallest first.") var events: [Int] = [100_000, 1_000_000]
    @Option(help: "How often each chart is read.") var reads = 200
    @Option(help: ArgumentHelp("Keep the databases in here for the next run.", valueName: "directory")) var keep: String?
    @Flag(help: "One JSON object a line.") var json = false

    private struct Figures {
        let size: Int64
        let one: Rebuilt
        let two: Rebuilt
        let current: Double
        let asOf: Double

        var rate: Double { Double(size) / two.seconds }
    }

    func run() async throws {
        var smallest: Figures?
        for events in events {
            let place = keep.map { "\($0)/\(events)" }
            let figures = try await SimulatedDatabase.with(events: events, keep: place) { database in
                let size = try await database.ledger.heads().reduce(0) { $0 + $1.size }
                let one = try await Rebuilt.measure(database, jobs: 1)
                let two = try await Rebuilt.measure(database, jobs: 2)
                let subject = try await ChartSubject.find(in: database)
                return Figures(
                    size: size, one: one, two: two,
                    current: try await subject.times(reads, ChartSubject.current).times.quantile(0.5),
                    asOf: try await subject.times(reads, ChartSubject.asOf).times.quantile(0.5))
            }
            report(figures, beside: smallest ?? figures)
            smallest = smallest ?? figures
        }
    }

    private func report(_ figures: Figures, beside first: Figures) {
        let values: [(String, Double)] = [
            ("rebuild_events_per_second", figures.rate), ("rebuild_ratio", figures.rate / first.rate),
            ("two_jobs_ratio", figures.one.seconds / figures.two.seconds), ("peak_mb", figures.two.peak),
            ("current_p50_ms", figures.current * 1e3), ("current_ratio", figures.current / first.current),
            ("as_of_p50_ms", figures.asOf * 1e3), ("as_of_ratio", figures.asOf / first.asOf),
        ]
        guard !json else {
            var members: [String: JSON] = ["bench": "scale", "events": .number(JSONNumber(figures.size))]
            for (name, value) in values { members[name] = .rounded(value) }
            return print(JSON.object(members).canonical)
        }
        print("log of \(figures.size) events: " + values.map { String(format: "%@ %.2f", $0.0, $0.1) }.joined(separator: ", "))
    }
}

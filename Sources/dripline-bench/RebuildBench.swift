import ArgumentParser
import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Projections
import Service

/// All read models from the log, beside the tables that serve, to the switch; against copying the log out and the finished tables in.
struct RebuildBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Rebuild all read models from a log, beside COPY of the log out and of the finished tables in.")

    @Option(help: "About how many events the log holds.") var events = 100_000
    @Option(help: "How many parts are folded at once; several are measured in turn.") var jobs: [Int] = [1, 2]
    @Option(help: "How often each is measured; the median counts.") var rounds = 1
    @Option(help: "Which read models; all where none is named.") var only: [String] = []
    @Option(help: ArgumentHelp("Keep the database here for the next run.", valueName: "directory")) var keep: String?
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        try await SimulatedDatabase.with(events: events, keep: keep) { database in
            let size = try await database.ledger.heads().reduce(0) { $0 + $1.size }
            var runs: [Int: [Rebuilt]] = [:]
            var references: [CopyReference] = []
            for _ in 0..<max(1, rounds) {
                for jobs in jobs { runs[jobs, default: []].append(try await Rebuilt.measure(database, only, jobs: jobs)) }
                references.append(try await CopyReference.measure(database))
            }
            let reference = references.median(by: \.total)
            for jobs in jobs {
                guard let run = runs[jobs]?.median(by: \.seconds) else { continue }
                report(run, jobs: jobs, events: Double(size), reference)
            }
        }
    }

    private func report(_ run: Rebuilt, jobs: Int, events: Double, _ reference: CopyReference) {
        let ratio = reference.total / run.seconds
        guard !json else {
            let members: JSON = [
                "bench": "rebuild", "events": .number(JSONNumber(Int(events))), "jobs": .number(JSONNumber(jobs)),
                "events_per_second": .number(JSONNumber(Int(events / run.seconds))), "ratio": .rounded(ratio),
                "ratio_without_indexes": .rounded((reference.logOut + reference.tablesInBare) / run.seconds),
                "copy_log_out_s": .rounded(reference.logOut), "copy_tables_in_s": .rounded(reference.tablesIn),
                "copy_tables_in_without_indexes_s": .rounded(reference.tablesInBare), "seconds": .rounded(run.seconds),
                "own_cpu_us_per_event": .rounded(run.own / events * 1e6), "server_cpu_us_per_event": .rounded(run.server / events * 1e6),
                "peak_mb": .rounded(run.peak),
            ]
            return print(members.canonical)
        }
        print(
            String(
                format: """
                    %.0f events, %d jobs: %.0f events/s (%.1f s); COPY log out %.2f s + tables in %.2f s (%.2f s without indexes); \
                    ratio %.3f; CPU an event %.1f us ours, %.1f us the server's; peak %.0f MB
                    """, events, jobs, events / run.seconds, run.seconds, reference.logOut, reference.tablesIn, reference.tablesInBare,
                ratio,
                run.own / events * 1e6, run.server / events * 1e6, run.peak))
    }
}

extension JSON {
    /// A figure to three places.
    static func rounded(_ figure: Double) -> JSON { .number(JSONNumber(thousandths: Int64((figure * 1000).rounded()))) }
}

extension Array {
    /// Of an even number of values the lower one in the middle.
    func median(by figure: (Element) -> Double) -> Element {
        sorted { figure($0) < figure($1) }[(count - 1) / 2]
    }
}

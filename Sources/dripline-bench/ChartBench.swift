import ArgumentParser
import Canonical
import Foundation
import Ledger
import Projections
import Service

/// The chart of the patient with most sessions, current and as of a position, as a document; beside psql reading the patient's events alone.
struct ChartBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart", abstract: "Read one patient's chart, current and as of a position, beside psql reading the patient's events.")

    @Option(help: "About how many events the log holds.") var events = 100_000
    @Option(help: "How often each is read.") var reads = 300
    @Option(help: ArgumentHelp("Keep the database here for the next run.", valueName: "directory")) var keep: String?
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        try await SimulatedDatabase.with(events: events, keep: keep) { database in
            try await database.projector.catchUp()
            let size = try await database.ledger.heads().reduce(0) { $0 + $1.size }
            let subject = try await ChartSubject.find(in: database)
            let (current, asOf) = (try await subject.times(reads, ChartSubject.current), try await subject.times(reads, ChartSubject.asOf))
            report(size, subject, current, asOf, try await subject.reference())
        }
    }

    private func report(
        _ size: Int64, _ subject: ChartSubject, _ current: (times: [Double], bytes: Int), _ asOf: (times: [Double], bytes: Int),
        _ psql: Double
    ) {
        let figures: [(String, Double)] = [
            ("current_p50_ms", current.times.quantile(0.5) * 1e3), ("current_p99_ms", current.times.quantile(0.99) * 1e3),
            ("as_of_p50_ms", asOf.times.quantile(0.5) * 1e3), ("as_of_p99_ms", asOf.times.quantile(0.99) * 1e3), ("psql_p50_ms", psql),
            ("ratio_as_of", psql / (asOf.times.quantile(0.5) * 1e3)),
        ]
        guard !json else {
            var members: [String: JSON] = [
                "bench": "chart", "events": .number(JSONNumber(size)), "sessions": .number(JSONNumber(subject.sessions)),
                "patient_events": .number(JSONNumber(subject.events)), "document_bytes": .number(JSONNumber(current.bytes)),
            ]
            for (name, value) in figures { members[name] = .rounded(value) }
            return print(JSON.object(members).canonical)
        }
        let values = figures.map { String(format: "%@ %.2f", $0.0, $0.1) }.joined(separator: ", ")
        print("log of \(size) events; \(subject.sessions) sessions, \(subject.events) events, \(current.bytes) bytes: \(values)")
    }
}

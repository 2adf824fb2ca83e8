import ArgumentParser
import Projections
import Service

/// The chart of the patient with most sessions, current and as of a position, as a document; beside psql reading the patient's events alone.
struct ChartBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart", abstract: "Read one patient's chart, current and as of a position, beside psql reading the patient's events.")

    @OptionGroup var log: LogOptions
    @Option(help: "How often each is read.") var reads = 300
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchDatabase.with(log) { database in
            try await ChartSubject.add(to: database)
            try await database.projector.rebuild()
            guard let subject = try await ChartSubject.find(in: database) else { throw ExitCode.failure }
            let (current, asOf) = (try await subject.times(reads, ChartSubject.current), try await subject.times(reads, ChartSubject.asOf))
            let psql = try await subject.reference()
            var figures = Figures("chart")
            figures.add("events", try await database.size())
            figures.add("sessions", subject.sessions)
            figures.add("patient_events", subject.events)
            figures.add("document_bytes", current.bytes)
            figures.add("current_p50_ms", current.times.quantile(0.5) * 1e3)
            figures.add("current_p99_ms", current.times.quantile(0.99) * 1e3)
            figures.add("as_of_p50_ms", asOf.times.quantile(0.5) * 1e3)
            figures.add("as_of_p99_ms", asOf.times.quantile(0.99) * 1e3)
            figures.add("psql_p50_ms", psql)
            figures.ratio("current_ratio", psql / (current.times.quantile(0.5) * 1e3))
            figures.ratio("as_of_ratio", psql / (asOf.times.quantile(0.5) * 1e3))
            try output.tell(figures)
        }
    }
}

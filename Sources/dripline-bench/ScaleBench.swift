import ArgumentParser
import Ledger
import Projections
import Service

/// How rebuild, chart and append do as the log grows, with a second job and with more clinics, each beside itself at the smallest.
struct ScaleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Rebuild, chart and append over growing logs and more clinics, and a rebuild by one and two jobs.")

    @Option(parsing: .upToNextOption, help: "How many events the logs hold, the smallest first.") var events = [
        100_000, 1_000_000, 4_000_000,
    ]
    @Option(parsing: .upToNextOption, help: "How many clinics are appended to, the fewest first.") var clinics = [1, 4, 16, 64]
    @Option(help: "How often each chart is read.") var reads = 200
    @Option(help: "Seconds for each measurement of appends, in all its rounds.") var seconds = 15.0
    @Option(help: "Rounds of them, by turns.") var rounds = 5
    @Option(help: ArgumentHelp("Keep the databases in here for the next run.", valueName: "directory")) var keep: String?
    @OptionGroup var output: OutputOptions

    private struct Log {
        let size: Int64
        let one: Measured
        let two: Measured
        /// Seconds of each read.
        let current: [Double]
        let asOf: [Double]
        let sessions: Int

        var rate: Double { Double(size) / two.seconds }
    }

    func run() async throws {
        try await appends()
        var first: Log?
        for events in events {
            var options = LogOptions()
            options.events = events
            options.keep = keep.map { "\($0)/\(events)" }
            let log = try await BenchDatabase.with(options) { database in
                try await ChartSubject.add(to: database)
                let one = try await Measured.measure(database, jobs: 1)
                let two = try await Measured.measure(database, jobs: 2)
                guard let subject = try await ChartSubject.find(in: database) else { throw ExitCode.failure }
                return Log(
                    size: try await database.size(), one: one, two: two,
                    current: try await subject.times(reads, ChartSubject.current).times,
                    asOf: try await subject.times(reads, ChartSubject.asOf).times,
                    sessions: subject.sessions)
            }
            try tell(log, beside: first ?? log)
            first = first ?? log
        }
    }

    /// By 64 connections in all, over one clinic and over more.
    private func appends() async throws {
        let connections = 64
        try await AppendTarget.with(clinics: clinics.max() ?? 1, connections: connections) { target in
            try await target.serve { port in
                func load(_ clinics: Int, _ seconds: Double) async throws -> HTTPLoad.Measured {
                    try await HTTPLoad(port: port, connections: connections, seconds: seconds) {
                        target.request($0, of: connections, clinics: clinics)
                    }
                    .run()
                }
                var measured = clinics.map { _ in HTTPLoad.Measured() }
                for clinics in clinics { _ = try await load(clinics, 1) }
                // By turns, so that a machine which slows down meanwhile slows all of them.
                for _ in 0..<rounds {
                    for (index, clinics) in clinics.enumerated() {
                        measured[index] = measured[index] + (try await load(clinics, seconds / Double(rounds)))
                    }
                }
                let first = measured.first?.perSecond ?? 0
                for (clinics, measured) in zip(clinics, measured) {
                    var figures = Figures("scale_append")
                    figures.add("clinics", clinics)
                    figures.add("appends_per_second", measured.perSecond)
                    figures.ratio(measured.perSecond / first)
                    try output.tell(figures)
                }
            }
        }
    }

    private func tell(_ log: Log, beside first: Log) throws {
        var figures = Figures("scale")
        figures.add("events", log.size)
        log.two.tell(in: &figures, events: Double(log.size))
        figures.ratio("rebuild_ratio", log.rate / first.rate)
        figures.ratio("two_jobs_ratio", log.one.seconds / log.two.seconds)
        figures.add("sessions", log.sessions)
        for (name, reads, least) in [("current", log.current, first.current), ("as_of", log.asOf, first.asOf)] {
            figures.add("\(name)_p50_ms", reads.quantile(0.5) * 1e3)
            figures.add("\(name)_p99_ms", reads.quantile(0.99) * 1e3)
            figures.ratio("\(name)_ratio", least.quantile(0.5) / reads.quantile(0.5))
        }
        try output.tell(figures)
    }
}

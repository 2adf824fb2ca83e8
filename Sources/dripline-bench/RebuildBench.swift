import ArgumentParser
import Ledger
import Projections
import Service
import Synchronization

/// All read models from the log, beside the tables that serve, to the switch; against copying the log out and the finished tables in.
struct RebuildBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Rebuild all read models from a log, beside COPY of the log out and of the finished tables in.")

    @OptionGroup var log: LogOptions
    @Option(parsing: .upToNextOption, help: "How many parts are folded at once; several are measured in turn.") var jobs = [2]
    @Option(help: "How often each is measured; the median counts.") var rounds = 1
    @Option(parsing: .upToNextOption, help: "Which read models; all where none is named.") var only: [String] = []
    @Option(help: "Clients that append to a clinic of their own, alone and then during a rebuild; 0 for none.") var appending = 0
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchDatabase.with(log) { database in
            let size = Double(try await database.size())
            var runs: [Int: [Measured]] = [:]
            var references: [CopyReference] = []
            for _ in 0..<max(1, rounds) {
                for jobs in jobs { runs[jobs, default: []].append(try await Measured.measure(database, only, jobs: jobs)) }
                references.append(try await CopyReference.measure(database))
            }
            let reference = references.median(by: \.total)
            for jobs in jobs {
                guard let run = runs[jobs]?.median(by: \.seconds) else { continue }
                var figures = Figures("rebuild")
                figures.add("events", size)
                figures.add("jobs", jobs)
                run.tell(in: &figures, events: size)
                figures.ratio(reference.total / run.seconds)
                figures.add("ratio_without_indexes", (reference.logOut + reference.tablesInBare) / run.seconds)
                figures.add("copy_log_out_s", reference.logOut)
                figures.add("copy_tables_in_s", reference.tablesIn)
                figures.add("copy_tables_in_without_indexes_s", reference.tablesInBare)
                try output.tell(figures)
            }
            if appending > 0 { try await appendBeside(database) }
        }
    }

    /// What a rebuild costs who appends meanwhile.
    private func appendBeside(_ database: Database) async throws {
        guard let log = LogName(clinic: "appending") else { preconditionFailure("a clinic's name") }
        let sessions = try await BenchClinic.arrivals(appending * 100, in: log, database)
        let clinic = BenchClinic(database: database, log: log, sessions: sessions)
        _ = try await clinic.appends(by: appending) { try await Task.sleep(for: .seconds(1)) }
        let alone = try await clinic.appends(by: appending) { try await Task.sleep(for: .seconds(5)) }
        // At most so long: who appends without a pause may be faster than the last steps of a rebuild on the processors that are left.
        let (isOver, latest) = (Signal(), ContinuousClock.now + .seconds(20))
        let rebuild = Task {
            defer { isOver.raise() }
            try await database.projector.rebuild(only, jobs: jobs.max() ?? 2)
        }
        let during = try await clinic.appends(by: appending) {
            while !isOver.isRaised, ContinuousClock.now < latest { try await Task.sleep(for: .milliseconds(20)) }
        }
        try await rebuild.value
        var figures = Figures("rebuild_beside_appends")
        figures.add("clients", appending)
        figures.add("appends_per_second_alone", alone)
        figures.add("appends_per_second_during", during)
        figures.ratio(during / alone)
        try output.tell(figures)
    }
}

/// That something is over.
private final class Signal: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }
    func raise() { raised.store(true, ordering: .relaxed) }
}

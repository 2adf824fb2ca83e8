import ArgumentParser
import Ledger
import Projections
import Service

/// A whole clinic audited from its stored bytes, every rule, beside the rebuild of the read model that holds the same verdicts.
struct AuditBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Audit a large log by all rules, beside the rebuild of the read model of compliance.")

    @OptionGroup var log: LogOptions
    @Option(help: "How often each is measured, in turn; the medians are given.") var rounds = 1
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchDatabase.with(log, clinics: 1) { database in
            let size = Double(try await database.size())
            var (audits, rebuilds): ([Measured], [Measured]) = ([], [])
            for _ in 0..<max(1, rounds) {
                audits.append(
                    try await Measured.measure(database) {
                        try await database.ledger.withSnapshot(of: SimulatedLog.name().clinic) { logs in
                            let scope = AuditScope(clinic: logs.clinic, bounds: try await logs.bounds())
                            let audit = try await Audit.run(logs, scope: scope)
                            precondition(audit.isIntact && audit.notJudged.isEmpty, "the log was not audited whole")
                            var report = ""
                            audit.writeMarkdown(to: &report)
                        }
                    })
                rebuilds.append(try await Measured.measure(database, [Compliance.name], jobs: 2))
            }
            let (audit, rebuild) = (audits.median(by: \.seconds), rebuilds.median(by: \.seconds))
            var figures = Figures("audit")
            figures.add("events", size)
            audit.tell(in: &figures, events: size)
            figures.add("rebuild_events_per_second", size / rebuild.seconds)
            figures.ratio(rebuild.seconds / audit.seconds)
            try output.tell(figures)
        }
    }
}

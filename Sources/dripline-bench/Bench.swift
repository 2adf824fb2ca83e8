import ArgumentParser

/// Benchmarks: each runs on a PostgreSQL of its own with durable settings, measures its reference in the same run, and prints the ratio.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure Dripline against a reference in the same run.",
        subcommands: [
            AppendBench.self, ImportBench.self, RebuildBench.self, FollowBench.self, ChartBench.self, VerifyBench.self, SealBench.self,
            AuditBench.self, PeersBench.self, ScaleBench.self, FillBench.self,
        ])
}

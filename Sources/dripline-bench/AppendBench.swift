import ArgumentParser
import Canonical
import Service

/// Durable single-event appends over HTTP, decided and digested, against pgbench's bare INSERT of the same bytes on the same server.
struct AppendBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Durable appends of one event each over HTTP, beside pgbench's INSERT of the same bytes.")

    @Option(parsing: .upToNextOption, help: "How many connections at once; several are measured in turn.") var connections = [1, 8, 64]
    @Option(parsing: .upToNextOption, help: "How many clinics they append to; several are measured in turn.") var clinics = [1, 32]
    @Option(parsing: .upToNextOption, help: "How many events the first clinic's log holds before; several are measured in turn, growing.")
    var filled = [0]
    @Option(help: "Seconds for each measurement.") var seconds = 2.0
    @Option(help: "How often each is measured, by turns with its reference.") var rounds = 3
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await AppendTarget.with(clinics: clinics.max() ?? 1, connections: connections.max() ?? 1) { target in
            try await target.serve { port in
                guard let server = target.clinic.database.server else { return }
                let insert = try await PgbenchInsert(
                    on: server, stream: "session/\(target.sessions[0][0].lowercase)", payload: AppendTarget.vitals,
                    entry: try await target.entry())
                defer { insert.remove() }
                for size in filled {
                    if size > 0 {
                        try await target.fill(to: size)
                    }
                    for clinics in clinics {
                        for count in connections { try await compare(target, insert, port, clinics, count) }
                    }
                }
            }
        }
    }

    private func compare(
        _ target: AppendTarget, _ insert: PgbenchInsert, _ port: Int, _ clinics: Int, _ count: Int
    ) async throws {
        func load(_ seconds: Double, rate: Double? = nil) async throws -> HTTPLoad.Measured {
            try await HTTPLoad(port: port, connections: count, seconds: seconds, rate: rate) {
                target.request($0, of: count, clinics: clinics)
            }.run()
        }
        // To warm up, and to know how many transactions fill the time.
        _ = try await load(1)
        var transactions = max(500, Int(try await insert.run(clients: count, transactions: 500).perSecond * seconds))
        var (ours, theirs) = (HTTPLoad.Measured(), HTTPLoad.Measured())
        for _ in 0..<rounds {
            ours = ours + (try await load(seconds))
            let round = try await insert.run(clients: count, transactions: transactions)
            theirs = theirs + round
            transactions = max(500, Int(round.perSecond * seconds))
        }
        let half = count == connections.max() ? try await load(seconds, rate: ours.perSecond / 2) : nil
        let (p50, reference) = (ours.latencies.quantile(0.5), theirs.latencies.quantile(0.5))
        var figures = Figures("append")
        figures.add("clinics", clinics)
        figures.add("connections", count)
        figures.add("log_events", try await target.clinic.database.size())
        figures.add("appends_per_second", ours.perSecond)
        figures.add("inserts_per_second", theirs.perSecond)
        figures.ratio(ours.perSecond / theirs.perSecond)
        figures.add("p50_ms", p50 * 1e3)
        figures.add("p99_ms", ours.latencies.quantile(0.99) * 1e3)
        figures.add("insert_p50_ms", reference * 1e3)
        figures.add("p50_over_insert_p50", p50 / reference)
        if let half {
            figures.add("half_load_p50_ms", half.latencies.quantile(0.5) * 1e3)
            figures.add("half_load_p99_ms", half.latencies.quantile(0.99) * 1e3)
            figures.add("half_load_p99_over_p50", half.latencies.quantile(0.99) / half.latencies.quantile(0.5))
        }
        try output.tell(figures)
    }
}

import ArgumentParser
import Canonical
import Foundation
import Ledger
import Logging
import Postgres
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
    @Option(help: "Fail where a ratio of rates is below this.") var atLeast = 0.0
    @Flag(help: "JSON lines.") var json = false

    func run() async throws {
        var lowest = Double.infinity
        try await AppendTarget.with(clinics: clinics.max() ?? 1, sessions: connections.max() ?? 1) { target in
            try await target.serve { port in
                guard let server = target.clinic.database.server else { return }
                let insert = try await PgbenchInsert(
                    on: server, stream: "session/\(target.sessions[0][0].lowercase)", payload: AppendTarget.vitals,
                    entry: try await target.entry())
                defer { insert.remove() }
                for size in filled {
                    if size > 0 {
                        try await target.fill(to: size)
                        if !json { print("A log of \(size) events:") }
                    }
                    for clinics in clinics {
                        for count in connections { lowest = min(lowest, try await compare(target, insert, port, clinics, count)) }
                    }
                }
            }
        }
        if lowest < atLeast {
            print("The lowest ratio is \(lowest), below \(atLeast).")
            throw ExitCode.failure
        }
    }

    private func compare(
        _ target: AppendTarget, _ insert: PgbenchInsert, _ port: Int, _ clinics: Int, _ count: Int
    ) async throws -> Double {
        func load(_ seconds: Double, rate: Double? = nil) async throws -> HTTPLoad.Measured {
            try await HTTPLoad(port: port, connections: count, seconds: seconds, rate: rate) { target.request($0, clinics: clinics) }.run()
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
        report(clinics, count, ours, theirs, half)
        return ours.perSecond / theirs.perSecond
    }

    private func report(
        _ clinics: Int, _ connections: Int, _ ours: HTTPLoad.Measured, _ theirs: HTTPLoad.Measured, _ half: HTTPLoad.Measured?
    ) {
        let (p50, p99, reference) = (ours.latencies.quantile(0.5), ours.latencies.quantile(0.99), theirs.latencies.quantile(0.5))
        let (ratio, ratioOfP50) = (ours.perSecond / theirs.perSecond, p50 / reference)
        if json {
            var members: [String: JSON] = [
                "bench": "append", "clinics": .number(JSONNumber(clinics)), "connections": .number(JSONNumber(connections)),
                "appends_per_second": .number(JSONNumber(Int(ours.perSecond))),
                "inserts_per_second": .number(JSONNumber(Int(theirs.perSecond))), "ratio": .ratio(ratio), "p50_ratio": .ratio(ratioOfP50),
                "p50_microseconds": .microseconds(p50), "p99_microseconds": .microseconds(p99),
                "insert_p50_microseconds": .microseconds(reference),
            ]
            if let half {
                members["half_load_p50_microseconds"] = .microseconds(half.latencies.quantile(0.5))
                members["half_load_p99_microseconds"] = .microseconds(half.latencies.quantile(0.99))
            }
            return print(JSON.object(members).canonical)
        }
        print(
            String(
                format: "%2d clinics, %2d connections: %6.0f appends/s (p50 %.2f ms, p99 %.2f ms); bare INSERT %6.0f/s (p50 %.2f ms); "
                    + "ratio %.2f, of p50 %.1f",
                clinics, connections, ours.perSecond, p50 * 1e3, p99 * 1e3, theirs.perSecond, reference * 1e3, ratio, ratioOfP50))
        guard let half else { return }
        print(
            String(
                format: "   at half of that: p50 %.2f ms, p99 %.2f ms", half.latencies.quantile(0.5) * 1e3,
                half.latencies.quantile(0.99) * 1e3))
    }
}

extension JSON {
    static func ratio(_ value: Double) -> JSON { .number(JSONNumber(thousandths: Int64(value * 1000))) }
    static func microseconds(_ seconds: Double) -> JSON { .number(JSONNumber(Int(seconds * 1e6))) }
}

extension [Double] {
    /// The value below which a share of all lies; 0 of none.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * share))]
    }
}

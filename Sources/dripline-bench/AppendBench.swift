import ArgumentParser
import Canonical
import Foundation
import Logging
import Postgres
import Service

/// Durable single-event appends, decided and digested, against pgbench's bare INSERT of the same bytes on the same server.
struct AppendBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Durable appends of one event each, beside pgbench's INSERT of the same bytes.")

    @Option(help: "How many clients at once; several are measured in turn.") var clients: [Int] = [1, 8, 32]
    @Option(help: "Seconds for each measurement.") var seconds = 5
    @Flag(help: "JSON lines.") var json = false

    func run() async throws {
        try await BenchClinic.with(sessions: clients.max() ?? 1) { clinic in
            let pgbench = try Tool.postgres("pgbench")
            let script = try await prepareInsert(clinic)
            defer { try? FileManager.default.removeItem(atPath: script) }
            for count in clients {
                // Once each to warm up, then measured in turn.
                _ = try await appends(clinic, clients: count, seconds: 1)
                let ours = try await appends(clinic, clients: count, seconds: seconds)
                let theirs = try await inserts(pgbench, script, clinic, clients: count)
                report(count, ours, theirs)
            }
        }
    }

    private func report(_ clients: Int, _ ours: (rate: Double, latencies: [Double]), _ theirs: Double) {
        let (p50, p99) = (ours.latencies.quantile(0.5), ours.latencies.quantile(0.99))
        guard !json else {
            let members: JSON = [
                "bench": "append", "clients": .number(JSONNumber(clients)), "appends_per_second": .number(JSONNumber(Int(ours.rate))),
                "inserts_per_second": .number(JSONNumber(Int(theirs))),
                "ratio": .number(JSONNumber(thousandths: Int64(ours.rate / theirs * 1000))),
                "p50_microseconds": .number(JSONNumber(Int(p50 * 1e6))), "p99_microseconds": .number(JSONNumber(Int(p99 * 1e6))),
            ]
            return print(members.canonical)
        }
        let figures = String(
            format: "%3d clients: %6.0f appends/s, p50 %.2f ms, p99 %.2f ms; bare INSERT %6.0f/s; ratio %.2f", clients, ours.rate,
            p50 * 1e3,
            p99 * 1e3, theirs, ours.rate / theirs)
        print(figures)
    }

    private func appends(_ clinic: BenchClinic, clients: Int, seconds: Int) async throws -> (rate: Double, latencies: [Double]) {
        let clock = ContinuousClock()
        let started = clock.now
        let deadline = started + .seconds(seconds)
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for number in 0..<clients {
                group.addTask {
                    var latencies: [Double] = []
                    while clock.now < deadline {
                        let request = try BenchClinic.vitals(on: clinic.sessions[number])
                        let sent = clock.now
                        _ = try await clinic.database.recorder.record(request, in: clinic.log, actor: "adm")
                        latencies.append((clock.now - sent) / .seconds(1))
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: [], +=)
        }
        return (Double(latencies.count) / ((clock.now - started) / .seconds(1)), latencies)
    }

    /// A table of the same shape as the log's, without its constraints, and an INSERT of about the same bytes.
    private func prepareInsert(_ clinic: BenchClinic) async throws -> String {
        guard let server = clinic.database.server else { return "" }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        try await connection.script(
            """
            CREATE TABLE bench_events (id bigserial PRIMARY KEY, stream text, type text, actor text, occurred_at timestamptz, \
            recorded_at timestamptz, event uuid, command uuid, salt bytea, digest bytea, leaf bytea, payload json, entry text)
            """)
        let row = try await connection.query(
            "SELECT payload, entry FROM dripline.events WHERE type = 'PatientArrived' ORDER BY position DESC LIMIT 1"
        ).first
        await connection.close()
        let (_, entry) = try row?.decode(JSONText.self, String.self) ?? (JSONText("{}"), "")
        let vitals = try BenchClinic.vitals(on: clinic.sessions[0])
        let payload = vitals.events[0].payload
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8)).sql").path
        let bytes = String(repeating: "ab", count: 32)
        let sql = """
            INSERT INTO bench_events (stream, type, actor, occurred_at, recorded_at, event, command, salt, digest, leaf, payload, entry) VALUES \
            ('session/\(clinic.sessions[0].lowercase)', 'VitalsRecorded', 'adm', now(), now(), gen_random_uuid(), gen_random_uuid(), \
            '\\x\(bytes)', '\\x\(bytes)', '\\x\(bytes)', '\(payload)', '\(entry)');
            """
        try sql.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A fixed number of transactions, not a time: pgbench ends by SIGALRM, which the threads of this process have blocked and hand down.
    private func inserts(_ pgbench: String, _ script: String, _ clinic: BenchClinic, clients: Int) async throws -> Double {
        guard let server = clinic.database.server else { return 0 }
        let output = try await Tool.run(
            pgbench,
            [
                "-n", "-M", "prepared", "-f", script, "-c", "\(clients)", "-j", "\(min(clients, 2))",
                "-t", "\(max(100, seconds * 2000 / clients))", "-h", server.socketDirectory, "-U", PostgresServer.adminRole,
                PostgresServer.database,
            ])
        let line = output.split(separator: "\n").first { $0.hasPrefix("tps = ") } ?? ""
        return Double(line.split(separator: " ").dropFirst(2).first ?? "") ?? .nan
    }
}

extension [Double] {
    /// The value below which a share of all lies; 0 of none.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * share))]
    }
}

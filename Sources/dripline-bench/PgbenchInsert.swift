import Canonical
import Foundation
import Logging
import Postgres

/// The reference for appends: pgbench's bare INSERT of an event's bytes, into a table of the same columns without the log's indexes.
struct PgbenchInsert {
    private let pgbench: String
    private let script: String
    private let server: PostgresServer

    /// - Parameters:
    ///   - payload: the data of the event that is appended in comparison.
    ///   - entry: an entry as the log writes it.
    init(on server: PostgresServer, stream: String, payload: String, entry: String) async throws {
        self.server = server
        pgbench = try Tool.postgres("pgbench")
        script = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8)).sql").path
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        try await connection.script(
            """
            CREATE TABLE bench_events (id bigserial PRIMARY KEY, stream text, type text, actor text, occurred_at timestamptz, \
            recorded_at timestamptz, event uuid, command uuid, salt bytea, digest bytea, leaf bytea, payload json, entry text)
            """)
        await connection.close()
        let bytes = String(repeating: "ab", count: 32)
        let sql = """
            INSERT INTO bench_events (stream, type, actor, occurred_at, recorded_at, event, command, salt, digest, leaf, payload, entry) VALUES \
            ('\(stream)', 'VitalsRecorded', 'adm', now(), now(), gen_random_uuid(), gen_random_uuid(), \
            '\\x\(bytes)', '\\x\(bytes)', '\\x\(bytes)', '\(payload)', '\(entry)');
            """
        try sql.write(toFile: script, atomically: true, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(atPath: script) }

    /// A fixed number of transactions, not a time: pgbench ends by SIGALRM, which the threads of this process have blocked and hand down.
    func run(clients: Int, transactions: Int) async throws -> HTTPLoad.Measured {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-pgbench-\(UUID().lowercase.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let output = try await Tool.run(
            pgbench,
            [
                "-n", "-M", "prepared", "-f", script, "-c", "\(clients)", "-j", "\(min(clients, 2))", "-l",
                "--log-prefix=\(directory.path)/log", "-t", "\(max(1, transactions / clients))", "-h", server.socketDirectory,
                "-U", PostgresServer.adminRole, PostgresServer.database,
            ])
        let line = output.split(separator: "\n").first { $0.hasPrefix("tps = ") } ?? ""
        guard let rate = Double(line.split(separator: " ").dropFirst(2).first ?? "") else {
            throw CocoaError(.executableLoad, userInfo: [NSLocalizedDescriptionKey: "pgbench gave no rate: \(output)"])
        }
        var measured = HTTPLoad.Measured()
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil) {
            // client, transaction, microseconds, …
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if let time = Double(line.split(separator: " ").dropFirst(2).first ?? "") { measured.latencies.append(time * 1e-6) }
            }
        }
        measured.elapsed = Double(measured.latencies.count) / rate
        return measured
    }
}

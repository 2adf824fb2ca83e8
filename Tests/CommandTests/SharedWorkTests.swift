import Foundation
import Postgres
import Projections
import TestSupport
import Testing

/// Two processes that project and two that seal, over one database: never anything twice, and one that is killed is stood in for.
@Suite(.database) struct SharedWorkTests {
    private let command = DriplineCommand()

    private var place: [String] {
        let socket = TestDatabase.current.server.socketDirectory.replacing("/", with: "%2F")
        return ["--database", "postgres://\(PostgresServer.adminRole)@\(socket):5432/\(TestDatabase.current.name)"]
    }

    private func run(_ arguments: String...) async throws -> DriplineCommand.Result { try await command.run(arguments + place) }

    /// Every row of every read model, sorted.
    private func rows() async throws -> [String: [String]] {
        let connection = try await TestDatabase.current.connect()
        var rows: [String: [String]] = [:]
        for projection in allProjections {
            for table in projection.tables {
                let name = "\(projection.name).\(table.name)"
                let sql = "SELECT row_to_json(t)::text COLLATE \"C\" FROM \(name) t ORDER BY 1"
                rows[name] = try await connection.query(sql).map { try $0.value(0, as: String.self) }
            }
        }
        await connection.close()
        return rows
    }

    private func waitUntil(_ what: String, _ sql: String) async throws {
        let connection = try await TestDatabase.current.connect()
        let deadline = ContinuousClock.now + .seconds(90)
        while try await connection.query(sql).first?.value(0, as: Bool.self) != true {
            try #require(ContinuousClock.now < deadline, "never: \(what)")
            try await Task.sleep(for: .milliseconds(50))
        }
        await connection.close()
    }

    private func waitForProjections() async throws {
        try await waitUntil(
            "all is projected",
            """
            SELECT count(*) > 0 AND bool_and(c.position = l.size) FROM projections.checkpoints c \
            JOIN dripline.logs l ON l.clinic = c.clinic AND l.log = c.log WHERE c.generation = 'serving'
            """)
    }

    private func waitForSeals() async throws {
        try await waitUntil(
            "all is sealed",
            "SELECT bool_and((SELECT max(c.size) FROM dripline.checkpoints c WHERE c.log_id = l.log_id) = l.size) FROM dripline.logs l")
    }

    @Test func twoOfEachDoNothingTwice() async throws {
        #expect(try await run("migrate").exitCode == 0)
        try await TemporaryDirectory.with { directory in
            let state = ["--state", directory]
            var running: [RunningCommand] = []
            for part in ["project", "seal", "project", "seal"] {
                let process = try command.start(["serve", "--only", part, "--log-format", "text"] + state + place)
                try await process.waitForOutput(containing: "Stop it with Ctrl-C.")
                running.append(process)
            }
            let seeds = ["01-clinic", "02-february", "03-march"].map { "\(Workplace.seeds)/\($0).jsonl" }
            #expect(try await command.run(["import"] + seeds.prefix(2) + place).exitCode == 0)
            // One of each goes away in the middle of the work.
            for process in running.prefix(2) { process.send(signal: SIGKILL) }
            #expect(try await command.run(["import", seeds[2]] + place).exitCode == 0)
            try await waitForProjections()
            try await waitForSeals()
            for process in running.suffix(2) { process.send(signal: SIGTERM) }
            for process in running.suffix(2) { #expect(try await process.result().exitCode == 0) }

            let shared = try await rows()
            #expect(shared.values.reduce(0) { $0 + $1.count } > 100)
            #expect(try await run("rebuild").exitCode == 0)
            let alone = try await rows()
            for name in shared.keys.sorted() { #expect(shared[name] == alone[name], "\(name)") }
            // Recomputes every tile and every checkpoint from the stored bytes, and holds them to what was signed last.
            let verified = try await command.run(["verify", "--clinic", "hickory"] + state + place)
            #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
        }
    }
}

import Canonical
import Foundation
import TestSupport
import Testing

/// A data directory of one test with its embedded server, and the command run on it.
struct Workplace: Sendable {
    let directory: String
    let command: DriplineCommand

    var data: String { directory + "/data" }

    /// The project's seeds.
    static let seeds = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "seeds").path

    /// Runs `body` with an empty data directory. Whatever was left running there is ended afterwards.
    static func with<T>(isolation: isolated (any Actor)? = #isolation, _ body: (Workplace) async throws -> T) async throws -> T {
        try await TemporaryDirectory.with("dripline-command") { directory in
            let place = Workplace(directory: directory, command: DriplineCommand(directory: directory))
            defer { place.endServer() }
            return try await body(place)
        }
    }

    /// Runs a subcommand on the data directory.
    func run(_ arguments: String..., input: String = "") async throws -> DriplineCommand.Result {
        try await command.run(arguments + ["--data", data], input: input)
    }

    func start(_ arguments: String..., input: String = "") throws -> RunningCommand {
        try command.start(arguments + ["--data", data], input: input)
    }

    /// Starts `serve` on a free port and waits until it listens.
    func serve() async throws -> (running: RunningCommand, base: String) {
        let running = try start("serve", "--listen", "127.0.0.1:0")
        try await running.waitForOutput(containing: "Stop it with Ctrl-C.")
        let start = try #require(running.output.range(of: "http://"))
        let rest = running.output[start.lowerBound...]
        return (running, String(rest.prefix { $0 != " " && $0 != "\n" }.dropLast()))
    }

    /// A bearer token of somebody who is enrolled at the clinic.
    func token(_ staff: String, role: String, clinic: String = "willow") async throws -> String {
        let made = try await run("token", "new", "--clinic", clinic, "--staff", staff, "--role", role, "--expires", "1d")
        #expect(made.exitCode == 0, "\(made.errors)")
        return try #require(made.lines.first)
    }

    /// The embedded PostgreSQL's process, while it runs.
    var server: Int32? {
        guard let text = try? String(contentsOfFile: data + "/postgres/postmaster.pid", encoding: .utf8),
            let number = text.split(separator: "\n").first.flatMap({ Int32($0) }), kill(number, 0) == 0
        else { return nil }
        return number
    }

    private func endServer() {
        guard let server else { return }
        kill(server, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(10)
        while kill(server, 0) == 0, ContinuousClock.now < deadline { usleep(20_000) }
    }

    func write(_ name: String, _ text: String) throws -> String {
        let path = directory + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}

extension DriplineCommand.Result {
    /// The lines of the output as JSON.
    var json: [JSON] { get throws { try lines.map { try JSON.parse($0) } } }
}

extension JSON {
    var asString: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var asArray: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var asInt: Int64? {
        guard case .number(let number) = self else { return nil }
        return number.int64
    }
}

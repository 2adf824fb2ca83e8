import Foundation
import Ledger
import Logging
import Postgres
import Schema
import TestSupport

/// A server that a test may kill: durable, with a directory of its own.
actor OwnServer {
    private let directory: String
    private let configuration: ServerConfiguration
    private var servers: [PostgresServer] = []

    init(directory: String, settings: [String: String] = [:]) {
        self.directory = directory
        configuration = ServerConfiguration(settings: settings)
    }

    /// Starts it, after a kill too.
    @discardableResult
    func start() async throws -> ConnectionSettings {
        let server = try await PostgresServer.start(dataDirectory: directory, configuration: configuration, logger: .silent)
        servers.append(server)
        return server.settings()
    }

    func migrate() async throws {
        let settings = try await start()
        _ = try await withConnection(settings) { try await Schema.migrate($0) }
    }

    /// SIGKILL to the server and all of its processes, as when the machine's power goes (less the disk's cache).
    func kill() throws {
        let file = try String(contentsOfFile: directory + "/postgres/postmaster.pid", encoding: .utf8)
        guard let line = file.split(separator: "\n").first, let process = pid_t(line), process > 1 else {
            throw Unexpected("no server runs")
        }
        // The parent first, so that it starts no recovery of its own.
        Foundation.kill(process, SIGSTOP)
        let children = try Self.children(of: process)
        for one in [process] + children { Foundation.kill(one, SIGKILL) }
    }

    private static func children(of parent: pid_t) throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { process in
            // "pid (name) state ppid …"; the name may hold anything but ends with the last parenthesis.
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")") else {
                return false
            }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 1 && pid_t(fields[1]) == parent
        }
    }

    func stop() async throws {
        for server in servers { try await server.stop() }
    }
}

func withOwnServer<T>(
    settings: [String: String] = [:], isolation: isolated (any Actor)? = #isolation, _ body: (OwnServer) async throws -> T
) async throws -> T {
    try await TemporaryDirectory.with("dripline-faults") { directory in
        let server = OwnServer(directory: directory, settings: settings)
        try await server.migrate()
        do {
            let value = try await body(server)
            try await server.stop()
            return value
        } catch {
            try? await server.stop()
            throw error
        }
    }
}

import Foundation
public import Logging
public import Postgres
import Synchronization

/// The PostgreSQL of one test run: made when the first test asks for it, in a temporary directory, without durability. A watchdog process
/// ends it and removes the directory when the test process is gone, however that came.
public actor TestCluster {
    public static let shared = TestCluster()

    private var starting: Task<PostgresServer, any Error>?
    private var pattern: Task<String, any Error>?
    private var templates: [String: Task<String, any Error>] = [:]
    private var serial = 0
    /// The write end of the watchdog's pipe: closed by the kernel when this process ends.
    private var lifeline: Int32 = -1

    /// The running server, started where it isn't yet.
    public func server() async throws -> PostgresServer {
        if let starting { return try await starting.value }
        let directory = try TemporaryDirectory.make("dripline-tests")
        lifeline = try Watchdog.guarding(directory)
        let task = Task {
            try await PostgresServer.start(
                dataDirectory: directory,
                configuration: ServerConfiguration(durable: false, settings: ["max_connections": "600", "shared_buffers": "64MB"]),
                logger: .silent)
        }
        starting = task
        return try await task.value
    }

    /// Puts a stopped cluster, as `PostgresServer` makes it without durability, into a data directory: faster than another `initdb`.
    public func copyCluster(to dataDirectory: String) async throws {
        let directory = try await server().dataDirectory + "/pattern"
        if pattern == nil {
            pattern = Task {
                let configuration = ServerConfiguration(durable: false, settings: ["shared_buffers": "16MB"])
                try await PostgresServer.start(dataDirectory: directory, configuration: configuration, logger: .silent).stop()
                return directory + "/postgres"
            }
        }
        guard let source = try await pattern?.value else { return }
        let (ending, output) = try await ChildProcess.run(
            ["/bin/cp", "-a", source, dataDirectory + "/postgres"], environment: [:])
        guard ending == .exited(0) else { throw DriplineCommand.Failed(description: "the cluster can't be copied: \(output)") }
    }

    /// A fresh database, a copy of the template of that key; `prepare` fills the template once a run.
    func makeDatabase(key: String, prepare: @escaping @Sendable (Connection) async throws -> Void) async throws -> TestDatabase {
        let server = try await server()
        let template = try await template(key, prepare, server)
        serial += 1
        let name = "test_\(serial)"
        try await administer(server) { try await $0.script("CREATE DATABASE \(name) TEMPLATE \(template)") }
        return TestDatabase(settings: server.settings(database: name), name: name, server: server)
    }

    func drop(_ database: TestDatabase) async throws {
        try await administer(database.server) { try await $0.script("DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)") }
    }

    private func template(
        _ key: String, _ prepare: @escaping @Sendable (Connection) async throws -> Void, _ server: PostgresServer
    ) async throws -> String {
        if let known = templates[key] { return try await known.value }
        let name = "template_\(templates.count)"
        let task = Task {
            try await administer(server) { try await $0.script("CREATE DATABASE \(name)") }
            let connection = try await Connection.connect(server.settings(database: name), logger: .silent)
            do {
                try await prepare(connection)
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
            // A template is copied only while nobody is connected to it; the server's process ends a little after our side has closed.
            try await administer(server) { administrator in
                try await administrator.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
                while try await !administrator.query("SELECT 1 FROM pg_stat_activity WHERE datname = $1", [name]).isEmpty {}
            }
            return name
        }
        templates[key] = task
        return try await task.value
    }

    private func administer(_ server: PostgresServer, _ body: (Connection) async throws -> Void) async throws {
        let connection = try await Connection.connect(server.settings(database: "postgres"), logger: .silent)
        do {
            try await body(connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}

extension Logger {
    /// Writes nothing.
    public static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

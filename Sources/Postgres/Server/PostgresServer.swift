import Foundation
public import Logging
import Synchronization

/// A private PostgreSQL in a data directory: reached through a socket that only its owner (and root) can open, shared by the processes that use the
/// directory, started by the first of them and stopped by the last.
///
/// In the directory: `postgres` (the cluster), `socket`, `postgres.log`, and two lock files. A process that dies leaves the server running; the
/// next one takes it over. Started as root, the server runs as the user `postgres`, else `nobody`.
public final class PostgresServer: Sendable {
    public static let adminRole = "dripline_admin"
    public static let database = "dripline"

    public let dataDirectory: String
    public let socketDirectory: String
    /// False where the server ran already.
    public let startedHere: Bool
    let starter: ServerStarter
    /// Held from `start` to `stop`.
    private let use: Mutex<FileLock?>

    init(starter: ServerStarter, socketDirectory: String, startedHere: Bool, use: FileLock) {
        self.starter = starter
        dataDirectory = starter.files.data
        self.socketDirectory = socketDirectory
        self.startedHere = startedHere
        self.use = Mutex(use)
    }

    /// Makes the cluster where there is none, starts the server where none runs, and makes the database `dripline`.
    /// Throws `PostgresServerError`.
    public static func start(dataDirectory: String, logger: Logger) async throws -> PostgresServer {
        try await start(dataDirectory: dataDirectory, configuration: ServerConfiguration(), logger: logger)
    }

    package static func start(
        dataDirectory: String, configuration: ServerConfiguration, logger: Logger
    ) async throws -> PostgresServer {
        try await ServerStarter(dataDirectory: dataDirectory, configuration: configuration, logger: logger).start()
    }

    /// How to connect to it.
    public func settings(user: String = adminRole, database: String = database) -> ConnectionSettings {
        ConnectionSettings.socket(directory: socketDirectory, user: user, database: database)
    }

    /// Lets go of the server, and stops it when no other process uses it. A second call does nothing.
    /// Runs to its end in a cancelled task too: that is when servers are stopped.
    public func stop() async throws {
        try await Task { try await detach() }.value
    }

    private func detach() async throws {
        guard use.withLock({ $0 != nil }) else { return }
        let lock = try await FileLock.take(starter.files.lock, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        use.withLock { $0 = nil }
        guard let last = try FileLock.attempt(starter.files.users, .exclusive) else { return }
        defer { withExtendedLifetime(last) {} }
        try await starter.stop()
    }

    /// `$XDG_DATA_HOME/dripline`, else `~/.local/share/dripline`; for root `/var/lib/dripline` when the server's user can't reach that.
    public static func defaultDataDirectory(environment: [String: String]) -> String {
        let share = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let usual = (share ?? home + "/.local/share") + "/dripline"
        guard let user = try? ServerUser.current(), user.isDropped, user.blockingDirectory(onTheWayTo: usual) != nil else { return usual }
        return "/var/lib/dripline"
    }
}

extension ConnectionSettings {
    static func socket(directory: String, user: String, database: String) -> ConnectionSettings {
        ConnectionSettings(keywords: ["host": directory, "port": "5432", "user": user, "dbname": database, "sslmode": "disable"])
    }
}

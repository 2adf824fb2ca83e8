public import Logging
import Synchronization

/// A connection to PostgreSQL: an actor on a thread of its own, so that libpq's blocking calls block that thread and nothing else.
///
/// Its methods are synchronous: from outside `try await connection.query(…)`; inside a `transaction` body no other task's statement can come
/// between. A cancelled task cancels its running statement at the server. After a loss of the connection every call throws.
public actor Connection {
    private nonisolated let executor: ConnectionExecutor
    nonisolated let interrupt = Interrupt()
    nonisolated let settings: ConnectionSettings
    let logger: Logger
    var link: ServerLink?
    var statements = StatementCache()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(_ settings: ConnectionSettings, logger: Logger) {
        executor = ConnectionExecutor(name: "postgres")
        self.settings = settings
        self.logger = logger
    }

    /// Connects; throws `PostgresError` when no host answers as asked. Gives up after `connect_timeout` (10 s unless set) for each host;
    /// cancelling the task does not shorten that.
    public static func connect(_ settings: ConnectionSettings, logger: Logger) async throws -> Connection {
        try Task.checkCancellation()
        let connection = Connection(settings, logger: logger)
        try await connection.open()
        return connection
    }

    private func open() throws {
        link = try ServerLink(settings, interrupt: interrupt, logger: logger)
    }

    /// True once the connection was lost or closed.
    public var isBroken: Bool { link?.isLost ?? true }

    /// The server's process for this connection, as `pg_stat_activity` names it.
    public var processID: Int32 { link?.processID ?? 0 }

    /// Such as 150004 for 15.4.
    public var serverVersion: Int { link?.serverVersion ?? 0 }

    /// Cancels what runs, then closes. Further calls throw.
    public nonisolated func close() async {
        interrupt.close()
        await drop()
    }

    private func drop() {
        link = nil
    }

    /// Whether the server is still there; reads nothing from the network that has not arrived.
    func probe() -> Bool {
        link?.probe() ?? false
    }

    /// The link for one more statement.
    func usable() throws -> ServerLink {
        guard let link, !interrupt.isClosing else { throw PostgresError.closed }
        guard !link.isLost else { throw PostgresError.lost() }
        return link
    }
}

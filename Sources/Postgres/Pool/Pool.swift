public import Logging

/// A bounded set of connections, lent to one borrower each, in the order in which they ask.
///
/// Connections are opened when needed and kept. A broken one is replaced; while the server restarts, borrowers wait (with growing pauses between
/// attempts) until their wait limit. What a session sets (`SET`, `LISTEN`, temporary tables) stays on its connection: use a connection of your own
/// for that.
public final class Pool: Sendable {
    public let settings: ConnectionSettings
    public let limit: Int
    let waitLimit: Duration
    let logger: Logger
    let queue: PoolQueue

    /// - Parameters:
    ///   - limit: the most connections open at once, at least 1.
    ///   - maximumWaiters: the most borrowers that wait; one more gets `PoolError.busy` at once.
    ///   - waitLimit: how long one waits for a connection, reconnecting included.
    public init(
        settings: ConnectionSettings, limit: Int = 8, maximumWaiters: Int = 256, waitLimit: Duration = .seconds(10), logger: Logger
    ) {
        precondition(limit > 0 && maximumWaiters >= 0)
        self.settings = settings
        self.limit = limit
        self.waitLimit = waitLimit
        self.logger = logger
        queue = PoolQueue(limit: limit, maximumWaiters: maximumWaiters)
    }

    /// Lends a connection to `body`. A transaction that the body leaves open is rolled back.
    /// Throws `PoolError`, `CancellationError`, or the `PostgresError` of the last attempt to connect.
    @discardableResult
    public func withConnection<T>(
        isolation: isolated (any Actor)? = #isolation, _ body: (Connection) async throws -> T
    ) async throws -> T {
        let connection = try await acquire()
        do {
            let value = try await body(connection)
            await release(connection)
            return value
        } catch {
            await release(connection)
            throw error
        }
    }

    /// Takes no more borrowers, fails those that wait, and ends when all connections are back and closed.
    /// With `cut`, running statements are cancelled at the server first.
    public func close(cut: Bool = false) async {
        let (idle, lent) = queue.close()
        for connection in idle { await connection.close() }
        if cut {
            for connection in lent { await connection.close() }
        }
        await queue.drained()
    }

    /// Connections open or being opened, and borrowers waiting.
    public var occupancy: (connections: Int, waiters: Int) { queue.occupancy }

    private func acquire() async throws -> Connection {
        let deadline = ContinuousClock.now + waitLimit
        if case .connection(let idle) = try await queue.take(until: deadline) {
            // Looking needs no turn on the connection's thread as long as all is well.
            if idle.interrupt.isQuiet { return idle }
            if await idle.probe() { return idle }
            await idle.close()
            queue.discard(idle)
        }
        do {
            let connection = try await connect(until: deadline)
            if queue.opened(connection) { return connection }
            await connection.close()
            throw PoolError.closed
        } catch {
            queue.giveUp(nil)
            throw error
        }
    }

    private func release(_ connection: Connection) async {
        if connection.interrupt.rests, !connection.interrupt.isClosing {
            if queue.giveBack(connection) { return }
        } else if await connection.resetTransaction(), queue.giveBack(connection) {
            return
        }
        await connection.close()
        queue.giveUp(connection)
    }

    private func connect(until deadline: ContinuousClock.Instant) async throws -> Connection {
        var pause: Duration = .milliseconds(20)
        while true {
            do {
                return try await Connection.connect(settings, logger: logger)
            } catch let error as PostgresError where error.isWorthRetrying {
                guard ContinuousClock.now + pause < deadline, !queue.isClosed else { throw error }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }
}

extension PostgresError {
    /// The server is away, starting, or full; a refused password or a missing database won't get better.
    var isWorthRetrying: Bool { sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "53300" }
}

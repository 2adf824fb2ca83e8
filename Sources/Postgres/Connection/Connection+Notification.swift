/// What `LISTEN` brought.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    public let payload: String
    /// The server process that sent it.
    public let processID: Int32
}

extension Connection {
    /// Waits for the next notification, which `LISTEN` must have asked for; nil when none came in time (0 looks only at what has arrived).
    /// Blocks this connection's thread. Ends early with `CancellationError` when the task is cancelled, with `PostgresError` on `close()`.
    public func nextNotification(timeoutMilliseconds: Int) throws -> PostgresNotification? {
        try usable().notification(timeoutMilliseconds: timeoutMilliseconds)
    }
}

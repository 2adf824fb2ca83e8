/// Told of appends as they happen, for metrics. Called on the way of every append: it must be quick and never block.
public struct LedgerObserver: Sendable {
    /// A command was answered, after this time in the queue and on the way to the disk.
    public let appended: @Sendable (Duration) -> Void
    /// A batch of so many commands and events was committed, or failed, after this time.
    public let committed: @Sendable (_ commands: Int, _ events: Int, Duration) -> Void

    public init(
        appended: @escaping @Sendable (Duration) -> Void, committed: @escaping @Sendable (_ commands: Int, _ events: Int, Duration) -> Void
    ) {
        self.appended = appended
        self.committed = committed
    }
}

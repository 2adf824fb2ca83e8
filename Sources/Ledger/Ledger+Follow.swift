import Logging
public import Postgres

extension Ledger {
    /// The longest that a follower sleeps when nobody tells it of new events.
    public static let pollInterval: Duration = .milliseconds(500)

    /// How long nothing may come before `follow` calls `idle`.
    public static let idleInterval: Duration = .seconds(15)

    /// Hands over every event of the log after a position, in order and without a gap, and goes on as new ones come.
    ///
    /// `body` takes one page at a time; the next is read when it returns, so a slow one holds nothing up in memory. A server that
    /// goes away is waited for. Returns when the task is cancelled, `body` answers false, or `isWanted` does.
    /// - Parameters:
    ///   - query: its `after` is where to begin, its `limit` the largest page; `upTo` must be nil.
    ///   - isWanted: asked before each page, at least every `pollInterval`; for an end that is no cancellation.
    ///   - idleAfter: how long nothing may come before `idle` is called.
    ///   - idle: called so often while nothing comes, to keep a connection alive; it may throw to end the following.
    ///   - body: gets the events, never none; answers whether to go on. What it throws ends the following and comes out here.
    /// - Throws: what `body` and `idle` throw; `LedgerError` other than `.unreachable`; `PoolError.closed` once the ledger is closed.
    public func follow(
        _ log: LogName, _ query: EventQuery, while isWanted: () -> Bool = { true },
        idleAfter idleInterval: Duration = Ledger.idleInterval, idle: () async throws -> Bool = { true },
        _ body: ([StoredEvent]) async throws -> Bool
    ) async throws {
        var query = query
        var lastSign = ContinuousClock.now
        while !Task.isCancelled, isWanted() {
            let count = await announcer.count(of: log)
            var page: [StoredEvent] = []
            do {
                page = try await nextPage(of: log, &query)
            } catch LedgerError.unreachable(let reason) {
                logger.warning("the log cannot be read, trying again", metadata: ["log": "\(log)", "reason": "\(reason)"])
            } catch is CancellationError where Task.isCancelled {
                return
            }
            // Outside of the `do`: an error of the body's is the caller's, whatever it is.
            guard page.isEmpty else {
                lastSign = .now
                guard try await body(page) else { return }
                continue
            }
            if ContinuousClock.now - lastSign > idleInterval {
                lastSign = .now
                guard try await idle() else { return }
            }
            await announcer.wait(for: log, after: count, limit: Ledger.pollInterval)
        }
    }

    /// The next events there are, and moves `query.after` past everything that was looked through.
    private func nextPage(of log: LogName, _ query: inout EventQuery) async throws -> [StoredEvent] {
        // A filter may skip whole stretches of the log: how far it has been read is the head, not the last event found.
        let head = try await head(of: log).size
        query.upTo = head
        let page = head > query.after ? try await events(of: log, query) : []
        query.after = page.count == query.limit ? page[page.count - 1].position : max(query.after, head)
        return page
    }
}

extension Ledger {
    /// A mark of how much any log of this database was announced to have grown. Take it before reading.
    public func growth() async -> UInt64 { await announcer.count(of: nil) }

    /// Returns when some log was announced to have grown since the mark, after `pollInterval` at the latest, or when cancelled.
    public func waitForGrowth(since mark: UInt64) async {
        await announcer.wait(for: nil, after: mark, limit: Ledger.pollInterval)
    }

    /// Runs a read on a connection of the log's role, e.g. a query of a read model.
    /// - Throws: `LedgerError`
    public func read<T: Sendable>(_ body: @Sendable (Connection) async throws -> T) async throws -> T { try await perform(body) }
}

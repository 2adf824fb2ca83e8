import DequeModule
import Synchronization

/// Who holds which connection of a pool, and who waits. Decides under one lock; connecting and closing is done outside by `Pool`.
final class PoolQueue: Sendable {
    /// A connection, or the right to open one.
    enum Grant: Sendable {
        case connection(Connection)
        case slot
    }

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Grant, any Error>
    }

    /// Changed only under the lock; a waiter is resumed by whoever takes it out of `waiters`, so exactly once.
    private struct State {
        var idle: [Connection] = []
        var lent: [ObjectIdentifier: Connection] = [:]
        /// Connections lent or being opened.
        var used = 0
        var waiters: Deque<Waiter> = []
        var lastID: UInt64 = 0
        var closed = false
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let maximumWaiters: Int
    private let state = Mutex(State())

    init(limit: Int, maximumWaiters: Int) {
        self.limit = limit
        self.maximumWaiters = maximumWaiters
    }

    var isClosed: Bool { state.withLock { $0.closed } }

    var occupancy: (connections: Int, waiters: Int) {
        state.withLock { ($0.used + $0.idle.count, $0.waiters.count) }
    }

    /// Waits in line until the deadline.
    func take(until deadline: ContinuousClock.Instant) async throws -> Grant {
        try Task.checkCancellation()
        if let grant = try state.withLock({ try grantAtOnce(&$0) }) { return grant }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            fail(id, PoolError.busy)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enqueue(Waiter(id: id, continuation: $0)) }
        } onCancel: {
            fail(id, CancellationError())
        }
    }

    private func grantAtOnce(_ state: inout State) throws -> Grant? {
        if state.closed { throw PoolError.closed }
        guard state.waiters.isEmpty else { return nil }
        if let connection = state.idle.popLast() {
            state.used += 1
            state.lent[ObjectIdentifier(connection)] = connection
            return .connection(connection)
        }
        guard state.used < limit else { return nil }
        state.used += 1
        return .slot
    }

    private func enqueue(_ waiter: Waiter) {
        let answer: Result<Grant, any Error>? = state.withLock { state in
            do {
                // Something may have come free since we looked.
                if let grant = try grantAtOnce(&state) { return .success(grant) }
            } catch {
                return .failure(error)
            }
            if Task.isCancelled { return .failure(CancellationError()) }
            if state.waiters.count >= maximumWaiters { return .failure(PoolError.busy) }
            state.waiters.append(waiter)
            return nil
        }
        if let answer {
            waiter.continuation.resume(with: answer)
        } else if Task.isCancelled {
            // The handler may have run before the waiter stood in line.
            fail(waiter.id, CancellationError())
        }
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: error)
    }

    /// The holder of a slot has opened its connection; false when the pool was closed meanwhile.
    func opened(_ connection: Connection) -> Bool {
        state.withLock { state in
            guard !state.closed else { return false }
            state.lent[ObjectIdentifier(connection)] = connection
            return true
        }
    }

    /// The borrower found its connection dead: it keeps the slot to open another.
    func discard(_ connection: Connection) {
        state.withLock { $0.lent[ObjectIdentifier(connection)] = nil }
    }

    /// Takes a sound connection back, or hands it to the first in line; false when the pool is closed, and then `giveUp` must follow.
    func giveBack(_ connection: Connection) -> Bool {
        let (kept, next): (Bool, Waiter?) = state.withLock { state in
            guard !state.closed else { return (false, nil) }
            if let next = state.waiters.popFirst() { return (true, next) }
            state.lent[ObjectIdentifier(connection)] = nil
            state.used -= 1
            state.idle.append(connection)
            return (true, nil)
        }
        next?.continuation.resume(returning: .connection(connection))
        return kept
    }

    /// A slot comes free without its connection.
    func giveUp(_ connection: Connection?) {
        let (next, drained): (Waiter?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            if let connection { state.lent[ObjectIdentifier(connection)] = nil }
            if let next = state.waiters.popFirst() { return (next, []) }
            state.used -= 1
            guard state.closed, state.used == 0 else { return (nil, []) }
            defer { state.drained.removeAll() }
            return (nil, state.drained)
        }
        next?.continuation.resume(returning: .slot)
        for continuation in drained { continuation.resume() }
    }

    /// Lets nobody in any more and gives what is to be closed.
    func close() -> (idle: [Connection], lent: [Connection]) {
        let (idle, lent, waiters) = state.withLock { state in
            state.closed = true
            defer {
                state.idle.removeAll()
                state.waiters.removeAll()
            }
            return (state.idle, Array(state.lent.values), state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: PoolError.closed) }
        return (idle, lent)
    }

    /// Ends when every connection has come back.
    func drained() async {
        await withCheckedContinuation { continuation in
            let done = state.withLock { state in
                if state.used > 0 { state.drained.append(continuation) }
                return state.used == 0
            }
            if done { continuation.resume() }
        }
    }
}

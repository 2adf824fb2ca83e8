import Synchronization

/// Gives up requests that take too long: their tasks are cancelled.
final class Overseer: Sendable {
    private struct State {
        var lastID: UInt64 = 0
        var running: [UInt64: (deadline: ContinuousClock.Instant, cancel: @Sendable () -> Void)] = [:]
    }

    private let limit: Duration
    private let state = Mutex(State())

    init(limit: Duration) { self.limit = limit }

    /// Why a request was given up.
    struct TimedOut: Error {}

    /// Runs `body` in a task that is cancelled once the time is up, or with the caller.
    /// - Throws: `TimedOut` where it was cancelled because of the time; else what `body` throws.
    func run<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let task = Task { try await body() }
        let cancel: @Sendable () -> Void = { task.cancel() }
        let deadline = ContinuousClock.now + limit
        let id = state.withLock { state in
            state.lastID += 1
            state.running[state.lastID] = (deadline, cancel)
            return state.lastID
        }
        defer { state.withLock { $0.running[id] = nil } }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch  where task.isCancelled && ContinuousClock.now >= deadline {
            throw TimedOut()
        }
    }

    /// Looks at the running requests until it is cancelled.
    func watch() async {
        let pause = min(limit / 8, .seconds(1))
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            let now = ContinuousClock.now
            let late = state.withLock { $0.running.values.filter { $0.deadline < now }.map(\.cancel) }
            for cancel in late { cancel() }
        }
    }
}

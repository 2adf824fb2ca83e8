import Synchronization

/// Gives up requests that take too long: their tasks are cancelled, and their clients answered at once. What can't be cancelled, such as a commit under
/// way, comes to its end all the same.
final class Overseer: Sendable {
    private struct State {
        var lastID: UInt64 = 0
        var running: [UInt64: (deadline: ContinuousClock.Instant, giveUp: @Sendable () -> Void)] = [:]
    }

    /// Settled once: by the work, or by the time.
    private final class Race<T: Sendable>: Sendable {
        private enum State {
            case open
            case waiting(CheckedContinuation<T, any Error>)
            case settled(Result<T, any Error>)
        }

        private let state = Mutex(State.open)

        func settle(_ result: Result<T, any Error>) {
            let waiting: CheckedContinuation<T, any Error>? = state.withLock { state in
                switch state {
                case .settled: return nil
                case .open:
                    state = .settled(result)
                    return nil
                case .waiting(let continuation):
                    state = .settled(result)
                    return continuation
                }
            }
            waiting?.resume(with: result)
        }

        func outcome() async throws -> T {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<T, any Error>? = state.withLock { state in
                    if case .settled(let result) = state { return result }
                    state = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }

    private let limit: Duration
    private let state = Mutex(State())

    init(limit: Duration) { self.limit = limit }

    /// Why a request was given up.
    struct TimedOut: Error {}

    /// Runs `body` in a task that is cancelled with the caller, or once the time is up.
    /// - Parameter executor: where its task goes on after it has waited; nil for the threads that all tasks share.
    /// - Throws: `TimedOut` where the time was up first; else what `body` throws.
    func run<T: Sendable>(on executor: (any TaskExecutor)? = nil, _ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let race = Race<T>()
        // It starts right here, on this thread.
        let task = Task.immediate(executorPreference: executor) {
            do { race.settle(.success(try await body())) } catch { race.settle(.failure(error)) }
        }
        let giveUp: @Sendable () -> Void = {
            race.settle(.failure(TimedOut()))
            task.cancel()
        }
        let deadline = ContinuousClock.now + limit
        let id = state.withLock { state in
            state.lastID += 1
            state.running[state.lastID] = (deadline, giveUp)
            return state.lastID
        }
        defer { state.withLock { $0.running[id] = nil } }
        return try await withTaskCancellationHandler {
            try await race.outcome()
        } onCancel: {
            task.cancel()
        }
    }

    /// Looks at the running requests until it is cancelled.
    func watch() async {
        let pause = min(limit / 8, .seconds(1))
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            let now = ContinuousClock.now
            let late = state.withLock { $0.running.values.filter { $0.deadline < now }.map(\.giveUp) }
            for giveUp in late { giveUp() }
        }
    }
}

import UnixSignals

/// Runs `body` until it returns, or cancels it on SIGINT or SIGTERM: then the program ends in order, and without an error.
func untilInterrupted(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm])
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            do {
                try await body()
            } catch is CancellationError {}
        }
        group.addTask { for await _ in signals { return } }
        try await group.next()
        group.cancelAll()
    }
}

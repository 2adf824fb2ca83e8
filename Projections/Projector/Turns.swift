import DequeModule

/// Lets one at a time work, first come first served; nobody waits longer than `patience` for a turn that does not end.
actor Turns {
    private let patience: Duration
    private var isTaken = false
    private var waiting: Deque<(number: UInt64, go: CheckedContinuation<Bool, Never>)> = []
    private var lastNumber: UInt64 = 0

    init(patience: Duration) { self.patience = patience }

    /// Runs `body` when its turn has come, or when it has waited long enough.
    nonisolated func run<T>(_ body: () async throws -> T) async rethrows -> T {
        let isTurn = await take()
        do {
            let value = try await body()
            if isTurn { await give() }
            return value
        } catch {
            if isTurn { await give() }
            throw error
        }
    }

    /// - Returns: whether it has the turn, and is to give it on.
    private func take() async -> Bool {
        guard isTaken else {
            isTaken = true
            return true
        }
        lastNumber += 1
        let number = lastNumber
        let impatient = Task {
            try await Task.sleep(for: patience)
            goOn(without: number)
        }
        defer { impatient.cancel() }
        return await withCheckedContinuation { waiting.append((number, $0)) }
    }

    private func give() {
        if let next = waiting.popFirst() { next.go.resume(returning: true) } else { isTaken = false }
    }

    private func goOn(without number: UInt64) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).go.resume(returning: false)
    }
}

import Synchronization
import Testing

@testable import Projections

/// Read models that nobody waits for at the chairside are brought up to date one after the other.
@Suite(.timeLimit(.minutes(1))) struct TurnsTests {
    private struct Wrong: Error {}

    /// How many are at work, and how many were at most.
    private final class Tally: Sendable {
        private let counts = Mutex((now: 0, most: 0, all: 0))

        var most: Int { counts.withLock(\.most) }
        var all: Int { counts.withLock(\.all) }

        func work(_ body: () async throws -> Void) async rethrows {
            counts.withLock { counts in
                counts.now += 1
                counts.all += 1
                counts.most = max(counts.most, counts.now)
            }
            defer { counts.withLock { $0.now -= 1 } }
            try await body()
        }
    }

    @Test func oneAtATimeWhateverBecomesOfIt() async {
        let (turns, tally) = (Turns(patience: .seconds(60)), Tally())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try? await turns.run {
                        try await tally.work {
                            try await Task.sleep(for: .milliseconds(2))
                            if number % 3 == 0 { throw Wrong() }
                        }
                    }
                }
            }
        }
        #expect(tally.most == 1 && tally.all == 20)
    }

    @Test func nobodyWaitsForEverForATurnThatDoesNotEnd() async throws {
        let (turns, held) = (Turns(patience: .milliseconds(20)), Flag())
        let stuck = Task {
            try await turns.run {
                held.raise()
                try await Task.sleep(for: .seconds(60))
            }
        }
        while !held.isRaised { await Task.yield() }
        for _ in 0..<3 { await turns.run {} }
        stuck.cancel()
        _ = await stuck.result
        await turns.run {}
    }
}

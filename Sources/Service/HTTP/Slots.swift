import Foundation
import Hummingbird

/// How many heavy reads go on at once: the others wait their turn, a bounded number of them for a bounded time, and are then told to come back.
actor Slots {
    private let limit: Int
    private let maximumWaiting: Int
    private let patience: Duration
    private var taken = 0
    private var waiting: [(id: UUID, turn: CheckedContinuation<Bool, Never>)] = []

    init(_ limit: Int, maximumWaiting: Int = 32, patience: Duration = .seconds(5)) {
        self.limit = limit
        self.maximumWaiting = maximumWaiting
        self.patience = patience
    }

    nonisolated func hold<T>(_ body: () async throws -> T) async throws -> T {
        guard await take() else { throw ProblemResponse.busy }
        do {
            let value = try await body()
            await release()
            return value
        } catch {
            await release()
            throw error
        }
    }

    func take() async -> Bool {
        if taken < limit {
            taken += 1
            return true
        }
        guard waiting.count < maximumWaiting, !Task.isCancelled else { return false }
        let (id, patience) = (UUID(), patience)
        let timer = Task {
            try? await Task.sleep(for: patience)
            self.giveUp(id)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting.append((id, $0)) }
        } onCancel: {
            timer.cancel()
        }
    }

    func release() {
        // The slot goes straight to whoever waited longest.
        if waiting.isEmpty { taken -= 1 } else { waiting.removeFirst().turn.resume(returning: true) }
    }

    private func giveUp(_ id: UUID) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).turn.resume(returning: false)
    }
}

extension ProblemResponse {
    /// Too much is asked for at once.
    static var busy: ProblemResponse {
        var problem = ProblemResponse(.serviceUnavailable, "busy", "Too much of this is asked for at once: come back in a moment.")
        problem.headers[.retryAfter] = "2"
        return problem
    }
}

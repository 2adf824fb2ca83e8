import Foundation
import Synchronization

/// Computes password hashes on threads of its own, a few at once: each takes a core for a good while, and memory.
final class PasswordHasher: Sendable {
    let cost: PasswordHash.Cost
    /// A hash that nobody's password has: an unknown account costs the same as a known one.
    private let decoy: PasswordHash
    private let queue: OperationQueue
    private let pending = Mutex(0)

    /// Computed at once.
    static let maximumRunning = 2
    /// Waiting or running; one more is told to come again. At the standard cost the last one waits for about two seconds.
    static let maximumPending = 32

    /// 64 MiB; see ARCHITECTURE.md for the time it takes.
    static let standardCost = PasswordHash.Cost(logRounds: 16, blockSize: 8, parallelism: 1)

    init(cost: PasswordHash.Cost = standardCost) {
        self.cost = cost
        decoy = PasswordHash(unknownAt: cost)
        queue = OperationQueue()
        queue.name = "dripline.passwords"
        queue.maxConcurrentOperationCount = Self.maximumRunning
        queue.qualityOfService = .utility
    }

    func hash(_ password: String) async throws(AccountError) -> PasswordHash {
        let cost = cost
        return try await work { PasswordHash(password, cost: cost) }
    }

    /// Whether it is the password; for nil it computes as much and answers no.
    func check(_ password: String, against hash: PasswordHash?) async throws(AccountError) -> Bool {
        let decoy = decoy
        return try await work { (hash ?? decoy).matches(password) && hash != nil }
    }

    private func work<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws(AccountError) -> T {
        let isAdmitted = pending.withLock { pending in
            guard pending < Self.maximumPending else { return false }
            pending += 1
            return true
        }
        guard isAdmitted else { throw .busy }
        return await withCheckedContinuation { continuation in
            queue.addOperation { [self] in
                let value = body()
                pending.withLock { $0 -= 1 }
                continuation.resume(returning: value)
            }
        }
    }
}

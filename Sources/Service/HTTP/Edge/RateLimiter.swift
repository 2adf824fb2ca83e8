import Synchronization

/// Limits the requests of each key by the generic cell rate algorithm (ITU-T I.371), with one number a key.
///
/// Bounded memory: two generations of keys. When the younger is full it becomes the older, and what was the older is forgotten. A forgotten key begins
/// afresh; by then at least `capacity` other keys have asked.
final class RateLimiter: Sendable {
    /// Keys in one generation.
    static let capacity = 8192

    private struct Generations {
        /// By key, when its next request would be due if it kept to the rate.
        var young: [String: ContinuousClock.Instant] = [:]
        var old: [String: ContinuousClock.Instant] = [:]
    }

    /// Nil where there is no limit.
    private let spacing: Duration?
    private let tolerance: Duration
    private let capacity: Int
    private let generations = Mutex(Generations())

    init(_ rate: Rate, capacity: Int = RateLimiter.capacity) {
        spacing = rate.perSecond > 0 ? .seconds(1) / rate.perSecond : nil
        tolerance = (spacing ?? .zero) * max(1, rate.burst)
        self.capacity = capacity
    }

    /// Takes one request of a key.
    /// - Returns: nil where it may go on; else how long the key must wait.
    func take(_ key: String, now: ContinuousClock.Instant = .now) -> Duration? {
        guard let spacing else { return nil }
        return generations.withLock { generations in
            let due = max(generations.young[key] ?? generations.old[key] ?? now, now) + spacing
            if due - now > tolerance { return due - now - tolerance }
            if generations.young.count >= capacity, generations.young[key] == nil {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[key] = due
            return nil
        }
    }

    /// Keys that are remembered.
    var count: Int { generations.withLock { $0.young.count + $0.old.count } }
}

extension Duration {
    /// For `Retry-After`: whole seconds, at least one.
    var wholeSecondsUp: Int64 { max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)) }
}

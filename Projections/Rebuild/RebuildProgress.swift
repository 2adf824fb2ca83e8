import Synchronization

/// How far a rebuild has come.
public struct RebuildProgress: Sendable, Hashable {
    /// The projections that are rebuilt together.
    public let names: [String]
    /// Events folded, those of an earlier attempt included.
    public let events: Int64
    public let total: Int64
    /// Events that an earlier attempt had folded already.
    public let resumedAt: Int64
    public let elapsed: Duration

    /// Events folded a second, in this attempt.
    public var rate: Double {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        return seconds > 0 ? Double(events - resumedAt) / seconds : 0
    }

    /// Seconds left at this rate; nil before there is one.
    public var secondsLeft: Double? { rate > 0 ? Double(total - events) / rate : nil }
}

/// Adds up the workers' progress.
final class RebuildCounter: Sendable {
    private let names: [String]
    private let resumedAt: Int64
    private let total: Int64
    private let report: (@Sendable (RebuildProgress) -> Void)?
    private let started = ContinuousClock.now
    private let done: Mutex<Int64>

    init(names: [String], resumedAt: Int64, total: Int64, report: (@Sendable (RebuildProgress) -> Void)?) {
        self.names = names
        self.resumedAt = resumedAt
        self.total = total
        self.report = report
        done = Mutex(resumedAt)
    }

    /// Reports while it holds the lock: reports come one after another, each with at least as many events as the last.
    func tick(_ events: Int64) {
        done.withLock { done in
            done += events
            report?(
                RebuildProgress(
                    names: names, events: done, total: total, resumedAt: resumedAt, elapsed: ContinuousClock.now - started))
        }
    }
}

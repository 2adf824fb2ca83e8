import Ledger

/// What one pass over the clinics brought.
struct Pass: Sendable {
    struct Failure: Sendable {
        let log: LogName
        let error: any Error
    }

    /// Events that were folded in.
    var events = 0
    /// Clinics whose new events are in the tables now.
    var folded: [LogName] = []
    /// Clinics whose tables stay where they were, and why.
    var failures: [Failure] = []
}

/// Clinics that could not be projected, each left alone for a while: a second at first, twice as long after each further failure.
struct Obstacles {
    static let shortest: Duration = .seconds(1)
    static let longest: Duration = .seconds(60)

    private var pauses: [LogName: (length: Duration, until: ContinuousClock.Instant)] = [:]

    func inTheWay(at now: ContinuousClock.Instant) -> Set<LogName> { Set(pauses.filter { $0.value.until > now }.keys) }

    mutating func add(_ log: LogName, at now: ContinuousClock.Instant) {
        let length = pauses[log].map { min($0.length * 2, Obstacles.longest) } ?? Obstacles.shortest
        pauses[log] = (length, now + length)
    }

    mutating func remove(_ log: LogName) { pauses[log] = nil }
}

/// What one pass over the clinics brought.
struct Pass: Sendable {
    struct Failure: Sendable {
        let clinic: String
        let error: any Error
    }

    /// Events that were folded in.
    var events = 0
    /// Clinics whose new events are in the tables now.
    var folded: [String] = []
    /// Clinics whose tables stay where they were, and why.
    var failures: [Failure] = []
}

/// Clinics that could not be projected, each left alone for a while: a second at first, twice as long after each further failure.
struct Obstacles {
    static let shortest: Duration = .seconds(1)
    static let longest: Duration = .seconds(60)

    private var pauses: [String: (length: Duration, until: ContinuousClock.Instant)] = [:]

    func inTheWay(at now: ContinuousClock.Instant) -> Set<String> { Set(pauses.filter { $0.value.until > now }.keys) }

    mutating func add(_ clinic: String, at now: ContinuousClock.Instant) {
        let length = pauses[clinic].map { min($0.length * 2, Obstacles.longest) } ?? Obstacles.shortest
        pauses[clinic] = (length, now + length)
    }

    mutating func remove(_ clinic: String) { pauses[clinic] = nil }
}

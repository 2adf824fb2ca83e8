/// Puts checked ranges, which come in any order, into the order of the log.
actor VerifyGathering {
    private(set) var verifier: Verifier
    /// Ranges that wait for one before them.
    private var waiting: [Int: CheckedRange] = [:]
    /// Ranges that may wait at most.
    private static let reach = 8
    private var next = 0
    private let progress: @Sendable (Int64) -> Void

    init(_ verifier: Verifier, progress: @escaping @Sendable (Int64) -> Void) {
        self.verifier = verifier
        self.progress = progress
    }

    /// A range of the plan.
    func add(_ range: CheckedRange, at number: Int) {
        waiting[number] = range
        while let range = waiting.removeValue(forKey: next) {
            add(range)
            next += 1
        }
    }

    /// What follows the last range of the plan.
    func add(_ range: CheckedRange) { verifier.take(range, progress: progress) }

    /// Whether a range lies so far ahead that it would have to wait long.
    func isFar(_ number: Int) -> Bool { number > next + Self.reach }

    /// A PayloadErased event of the log; after the last range, before `finish`.
    func take(erasure: String?, at position: Int64) { verifier.take(erasure: erasure, at: position) }

    func endOfEvents() -> RegisterSum {
        verifier.endOfEvents()
        return verifier.commands
    }

    func finish(unkept: [Int64]) { verifier.finish(unkept: unkept) }
}

/// Puts checked ranges, which come in any order, into the order of the log.
actor VerifyGathering {
    private(set) var verifier: Verifier
    private var ranges = InOrder<CheckedRange>()
    private let progress: @Sendable (Int64) -> Void

    init(_ verifier: Verifier, progress: @escaping @Sendable (Int64) -> Void) {
        self.verifier = verifier
        self.progress = progress
    }

    /// A range of the plan.
    func add(_ range: CheckedRange, at number: Int) {
        ranges.add(range, at: number)
        while let range = ranges.take() { add(range) }
    }

    /// What follows the last range of the plan.
    func add(_ range: CheckedRange) { verifier.take(range, progress: progress) }

    /// Whether a range lies so far ahead that it would have to wait long.
    func isFar(_ number: Int) -> Bool { ranges.isFar(number) }

    /// A PayloadErased event of the log; after the last range, before `finish`.
    func take(erasure: String?, at position: Int64) { verifier.take(erasure: erasure, at: position) }

    func endOfEvents() -> RegisterSum {
        verifier.endOfEvents()
        return verifier.commands
    }

    func finish(unkept: [Int64]) { verifier.finish(unkept: unkept) }
}

import Synchronization

/// The ranges of positions that are checked, given out in their order to whoever asks next.
final class VerifyPlan: Sendable {
    /// Positions in a range: few enough that a range of checked events is about a megabyte.
    static let rangeLength = 8192

    struct Range: Sendable {
        /// From 0.
        let number: Int
        /// Positions above this one; nil for the first range, which takes whatever stands before it too.
        let after: Int64?
        /// The last position.
        let last: Int64
    }

    private let size: Int64
    private let next = Mutex(0)

    /// - Parameter size: the last position that the log's head names.
    init(size: Int64) { self.size = size }

    var count: Int { Int(max(1, (size + Int64(Self.rangeLength) - 1) / Int64(Self.rangeLength))) }

    /// Nil when all have been given out.
    func take() -> Range? {
        let number = next.withLock { number in
            defer { number += 1 }
            return number
        }
        guard number < count else { return nil }
        let start = Int64(number * Self.rangeLength)
        return Range(number: number, after: number == 0 ? nil : start, last: min(start + Int64(Self.rangeLength), size))
    }
}

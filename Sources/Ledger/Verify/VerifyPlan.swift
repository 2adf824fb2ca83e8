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
    private let length: Int64
    private let next = Mutex(0)

    /// - Parameters:
    ///   - size: the last position.
    ///   - rangeLength: positions in a range.
    init(size: Int64, rangeLength: Int = VerifyPlan.rangeLength) {
        self.size = size
        length = Int64(max(1, rangeLength))
    }

    var count: Int { Int(max(1, (size + length - 1) / length)) }

    /// Nil when all have been given out.
    func take() -> Range? {
        let number = next.withLock { number in
            defer { number += 1 }
            return number
        }
        guard number < count else { return nil }
        let start = Int64(number) * length
        return Range(number: number, after: number == 0 ? nil : start, last: min(start + length, size))
    }
}

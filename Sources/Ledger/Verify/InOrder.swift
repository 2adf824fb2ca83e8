/// Puts parts that are finished in any order into their order.
struct InOrder<Part: Sendable>: Sendable {
    private var waiting: [Int: Part] = [:]
    private var next = 0

    /// Parts that may wait for one before them at most.
    private static var reach: Int { 8 }

    /// - Parameter number: from 0, each once.
    mutating func add(_ part: Part, at number: Int) { waiting[number] = part }

    /// The part whose turn it is; nil where that has not come yet.
    mutating func take() -> Part? {
        guard let part = waiting.removeValue(forKey: next) else { return nil }
        next += 1
        return part
    }

    /// Whether a part lies so far ahead that it would have to wait long.
    func isFar(_ number: Int) -> Bool { number > next + Self.reach }
}

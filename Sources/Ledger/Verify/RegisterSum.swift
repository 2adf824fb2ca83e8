import Foundation

/// A sum over the commands of a log that does not depend on their order: taken of the register and of what the events make, it tells whether both are the
/// same, without a join and without holding either in memory.
///
/// Each command adds 128 bits of a keyed hash (two of SipHash). The key is drawn for each verification and never leaves it, so nobody can prepare
/// two registers of one sum. It says that something differs, not where: that is then looked up row by row.
struct RegisterSum: Sendable, Equatable {
    /// Drawn at random; two sums are only compared under the same one.
    struct Key: Sendable, Equatable {
        private let words: [UInt64]

        init() {
            var random = SystemRandomNumberGenerator()
            words = (0..<4).map { _ in random.next() }
        }

        fileprivate func hash(_ command: UUID, _ first: Int64, _ events: Int64, part: Int) -> UInt64 {
            var hasher = Hasher()
            hasher.combine(words[2 * part])
            hasher.combine(words[2 * part + 1])
            withUnsafeBytes(of: command.uuid) { hasher.combine(bytes: $0) }
            hasher.combine(first)
            hasher.combine(events)
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }

    private let key: Key
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var count = 0

    init(_ key: Key) { self.key = key }

    mutating func add(_ command: UUID, first: Int64, events: Int64) {
        low &+= key.hash(command, first, events, part: 0)
        high &+= key.hash(command, first, events, part: 1)
        count += 1
    }
}

/// The right edge of a growing Merkle tree (RFC 6962 §2.1): as many hashes as its size has bits set, whatever its size.
public struct TreeFrontier: Sendable, Hashable {
    /// How many leaves it holds.
    public private(set) var size: UInt64 = 0
    /// The roots of the perfect subtrees, largest first.
    private var peaks: [TreeHash] = []

    public init() {}

    init(size: UInt64, peaks: [TreeHash]) {
        self.size = size
        self.peaks = peaks
    }

    /// Adds a leaf's hash.
    public mutating func append(_ leaf: TreeHash) { append(leaf) { _, _ in } }

    /// Adds a leaf's hash, and tells of each perfect subtree that it completes: its hash, and the number of its leaves as a power of two.
    public mutating func append(_ leaf: TreeHash, completed: (TreeHash, _ log2: Int) throws -> Void) rethrows {
        var hash = leaf
        var level = 0
        try completed(hash, 0)
        while (size >> UInt64(level)) & 1 == 1 {
            hash = .node(peaks.removeLast(), hash)
            level += 1
            try completed(hash, level)
        }
        peaks.append(hash)
        size += 1
    }

    public var root: TreeHash {
        guard var hash = peaks.last else { return .empty }
        for peak in peaks.dropLast().reversed() { hash = .node(peak, hash) }
        return hash
    }
}

/// The right edge of a growing Merkle tree (RFC 6962 §2.1): as many hashes as its size has bits set, whatever its size.
public struct MerkleFrontier: Sendable, Hashable {
    /// How many leaves it holds.
    public private(set) var size: UInt64 = 0
    /// The roots of the perfect subtrees, largest first.
    private var peaks: [[UInt8]] = []

    public init() {}

    /// Adds a leaf's hash (32 bytes).
    public mutating func append(leaf: [UInt8]) {
        var hash = leaf
        var level = size
        while level & 1 == 1 {
            hash = Digest.node(peaks.removeLast(), hash)
            level >>= 1
        }
        peaks.append(hash)
        size += 1
    }

    /// The tree's root: 32 bytes.
    public var root: [UInt8] {
        guard var hash = peaks.last else { return Digest.empty }
        for peak in peaks.dropLast().reversed() { hash = Digest.node(peak, hash) }
        return hash
    }
}

/// That a log only grew from one size to another: hashes that lead from the one root to the other (RFC 9162 §2.1.4).
public struct ConsistencyProof: Sendable, Hashable {
    public let origin: String
    public let oldSize: UInt64
    public let oldRoot: TreeHash
    public let size: UInt64
    public let root: TreeHash
    public let path: [TreeHash]

    public init(origin: String, oldSize: UInt64, oldRoot: TreeHash, size: UInt64, root: TreeHash, path: [TreeHash]) {
        self.origin = origin
        self.oldSize = oldSize
        self.oldRoot = oldRoot
        self.size = size
        self.root = root
        self.path = path
    }

    public var holds: Bool { Proof.isConsistent(oldSize: oldSize, oldRoot: oldRoot, size: size, root: root, proof: path) }

    /// `old <size>\n`, and a base64 hash a line: the head of a witness's request (C2SP tlog-witness).
    public var description: String { "old \(oldSize)\n" + path.map { $0.base64 + "\n" }.joined() }
}

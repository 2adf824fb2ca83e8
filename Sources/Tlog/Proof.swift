/// Checks of proofs against roots. Pure: what is proved depends on nothing but the arguments.
public enum Proof {
    /// Whether `proof` shows that `leaf` is leaf `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
    public static func includes(_ leaf: TreeHash, at index: UInt64, size: UInt64, root: TreeHash, proof: [TreeHash]) -> Bool {
        guard index < size else { return false }
        var (node, last) = (index, size - 1)
        var hash = leaf
        for sibling in proof {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                hash = .node(sibling, hash)
                if node & 1 == 0 {
                    while node & 1 == 0, node != 0 {
                        node >>= 1
                        last >>= 1
                    }
                }
            } else {
                hash = .node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether `proof` shows that the tree (`oldSize`, `oldRoot`) is a prefix of the tree (`size`, `root`) (RFC 9162 §2.1.4.2).
    /// A proof from the empty tree proves nothing, and is refused.
    public static func isConsistent(
        oldSize: UInt64, oldRoot: TreeHash, size: UInt64, root: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard oldSize > 0, oldSize <= size else { return false }
        if oldSize == size { return proof.isEmpty && oldRoot == root }
        var path = proof[...]
        if oldSize.nonzeroBitCount == 1 { path = [oldRoot] + path }
        guard let first = path.popFirst() else { return false }
        var (node, last) = (oldSize - 1, size - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (old, new) = (first, first)
        for hash in path {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                old = .node(hash, old)
                new = .node(hash, new)
                if node & 1 == 0 {
                    while node & 1 == 0, node != 0 {
                        node >>= 1
                        last >>= 1
                    }
                }
            } else {
                new = .node(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == root
    }
}

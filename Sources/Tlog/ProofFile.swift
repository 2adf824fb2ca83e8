/// The file that proves one entry (C2SP tlog-proof): its index, the path to the root, and the checkpoint that it leads to.
public struct ProofFile: Sendable, Hashable {
    public static let header = "c2sp.org/tlog-proof@v1"
    /// A tree has no longer path.
    static let longestPath = 63

    public let index: UInt64
    /// The leaf's sibling first.
    public let path: [TreeHash]
    public let checkpoint: Note

    public init(index: UInt64, path: [TreeHash], checkpoint: Note) {
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
    }

    public var description: String {
        "\(Self.header)\nindex \(index)\n" + path.map { $0.base64 + "\n" }.joined() + "\n" + checkpoint.description
    }

    /// - Throws: `NoteError.malformed`.
    public init(_ text: String) throws(NoteError) {
        guard let gap = text.firstRange(of: "\n\n") else { throw .malformed("there is no empty line after the proof") }
        let lines = text[..<gap.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[0] == Self.header else { throw .malformed("the first line is not \(Self.header)") }
        guard lines[1].hasPrefix("index "), let index = UInt64(lines[1].dropFirst(6)), String(index) == lines[1].dropFirst(6) else {
            throw .malformed("the second line is not an index")
        }
        guard lines.count - 2 <= Self.longestPath else { throw .malformed("the path is longer than any tree's") }
        var path: [TreeHash] = []
        for line in lines.dropFirst(2) {
            guard let hash = TreeHash(base64: line) else { throw .malformed("a line of the path is not a hash") }
            path.append(hash)
        }
        self.init(index: index, path: path, checkpoint: try Note(String(text[gap.upperBound...])))
    }

    /// Checks that `entry` is what the proof is about, in a log that one of these keys signed.
    /// - Throws: `NoteError` that says what does not hold.
    @discardableResult
    public func verify(_ entry: [UInt8], origin: String, keys: [VerifierKey]) throws(NoteError) -> Checkpoint {
        try checkpoint.verified(by: keys)
        let state = try Checkpoint(text: checkpoint.text)
        guard state.origin == origin else { throw .malformed("the checkpoint is of another log") }
        guard Proof.includes(.leaf(entry), at: index, size: state.size, root: state.root, proof: path) else {
            throw .malformed("the path does not lead from the entry to the root")
        }
        return state
    }
}

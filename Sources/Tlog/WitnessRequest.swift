/// What a log asks of a witness (C2SP tlog-witness): to cosign a checkpoint that only grew from the one that it signed before.
public struct WitnessRequest: Sendable, Hashable {
    /// The size that the witness signed last, as the log believes; 0 where there was none.
    public let oldSize: UInt64
    /// The proof of consistency from there.
    public let proof: [TreeHash]
    public let note: Note

    /// A tree has no longer proof.
    static let longestProof = 63

    public init(oldSize: UInt64, proof: [TreeHash], note: Note) {
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// `old <size>`, a hash a line, an empty line, the checkpoint.
    public var description: String { "old \(oldSize)\n" + proof.map { $0.base64 + "\n" }.joined() + "\n" + note.description }

    /// - Throws: `NoteError.malformed`.
    public init(_ text: String) throws(NoteError) {
        guard let gap = text.firstRange(of: "\n\n") else { throw .malformed("there is no empty line before the checkpoint") }
        let lines = text[..<gap.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("old "), let size = UInt64(first.dropFirst(4)), String(size) == first.dropFirst(4)
        else {
            throw .malformed("the first line is not an old size")
        }
        guard lines.count - 1 <= Self.longestProof else { throw .malformed("the proof is longer than any tree's") }
        var proof: [TreeHash] = []
        for line in lines.dropFirst() {
            guard let hash = TreeHash(base64: line) else { throw .malformed("a line of the proof is not a hash") }
            proof.append(hash)
        }
        self.init(oldSize: size, proof: proof, note: try Note(String(text[gap.upperBound...])))
    }
}

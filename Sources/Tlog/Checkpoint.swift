/// The state of a log that is signed (C2SP tlog-checkpoint): its name, its size, its root.
public struct Checkpoint: Sendable, Hashable {
    /// `dripline.local/<clinic>/record`.
    public let origin: String
    public let size: UInt64
    public let root: TreeHash

    public init(origin: String, size: UInt64, root: TreeHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed: three lines, each with its end.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    /// Reads a checkpoint's text. Lines after the third are extensions, which none of our logs writes and which are refused.
    /// - Throws: `NoteError.malformed` that says which line.
    public init(text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty else { throw .malformed("a checkpoint has three lines: origin, size, root") }
        guard Note.isName(String(lines[0])) || !lines[0].isEmpty else { throw .malformed("the origin is empty") }
        guard let size = UInt64(lines[1]), String(size) == lines[1], size <= UInt64(Int64.max) else {
            throw .malformed("the second line is not a size")
        }
        guard let root = TreeHash(base64: lines[2]) else { throw .malformed("the third line is not a root of 32 bytes in base64") }
        self.init(origin: String(lines[0]), size: size, root: root)
    }
}

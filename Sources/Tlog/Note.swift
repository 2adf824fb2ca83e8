/// A text with signature lines below it (C2SP signed-note).
public struct Note: Sendable, Hashable {
    public struct Signature: Sendable, Hashable {
        /// The name of the key.
        public let name: String
        public let keyID: UInt32
        /// What follows the key's id.
        public let bytes: [UInt8]

        public init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// `— name base64(keyID ‖ signature)` with its end of line.
        public var line: String { "\u{2014} \(name) \(Base64.encode(withUnsafeBytes(of: keyID.bigEndian) { Array($0) } + bytes))\n" }

        /// Reads a signature line without its end.
        public init?(line: some StringProtocol) {
            guard line.hasPrefix("\u{2014} ") else { return nil }
            let parts = line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, Note.isName(String(parts[0])), let all = Base64.decode(parts[1]), all.count > 4 else { return nil }
            self.init(name: String(parts[0]), keyID: all.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }, bytes: Array(all.dropFirst(4)))
        }
    }

    /// What is signed: ends with a line's end.
    public let text: String
    public let signatures: [Signature]

    /// Longest note, bytes; most signatures. More is refused.
    public static let maximumBytes = 1 << 20
    public static let maximumSignatures = 100

    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// - Throws: `NoteError.malformed`.
    public init(_ note: String) throws(NoteError) {
        guard note.utf8.count <= Self.maximumBytes else { throw .malformed("it is longer than \(Self.maximumBytes) bytes") }
        guard note.unicodeScalars.allSatisfy({ $0 == "\n" || $0.value >= 0x20 }) else { throw .malformed("it holds control characters") }
        guard let gap = note.ranges(of: "\n\n").last, note.hasSuffix("\n") else {
            throw .malformed("there is no empty line between text and signatures")
        }
        text = String(note[..<note.index(after: gap.lowerBound)])
        let lines = note[gap.upperBound...].dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        guard (1...Self.maximumSignatures).contains(lines.count) else { throw .malformed("it has no signatures, or too many") }
        var signatures: [Signature] = []
        for line in lines {
            guard let signature = Signature(line: line) else { throw .malformed("a signature line is not one") }
            signatures.append(signature)
        }
        self.signatures = signatures
    }

    /// The whole note, as it is stored and served.
    public var description: String { text + "\n" + signatures.map(\.line).joined() }

    /// Not empty, without spaces and without `+`.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }

    /// The signatures by known keys, each of which must be good; those of unknown keys are ignored.
    /// - Throws: `NoteError.badSignature` where a known key's signature is wrong; `NoteError.unsigned` where no known key signed.
    @discardableResult
    public func verified(by keys: [VerifierKey]) throws(NoteError) -> [VerifierKey] {
        var good: [VerifierKey] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.name == signature.name && $0.keyID == signature.keyID }) else { continue }
            guard key.verifies(signature, of: text) else { throw .badSignature(signature.name) }
            if !good.contains(key) { good.append(key) }
        }
        guard !good.isEmpty else { throw .unsigned }
        return good
    }
}

/// Why a note is not to be trusted.
public enum NoteError: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed(String)
    case badSignature(String)
    case unsigned
    case badKey(String)

    public var description: String {
        switch self {
        case .malformed(let what): "the note is malformed: \(what)"
        case .badSignature(let name): "the signature by \(name) is wrong"
        case .unsigned: "no known key signed it"
        case .badKey(let what): "the key is malformed: \(what)"
        }
    }
}

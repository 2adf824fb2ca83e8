import Crypto
import Foundation

/// What a signature line was made with.
public enum SignatureKind: UInt8, Sendable, Hashable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// A witness's cosignature: Ed25519 over a time and the note's text (C2SP tlog-cosignature).
    case cosignature = 0x04

    /// SHA-256(name ‖ 0x0A ‖ kind ‖ public key), the first four bytes.
    func keyID(name: String, publicKey: [UInt8]) -> UInt32 {
        let digest = SHA256.hash(data: Array(name.utf8) + [0x0A, rawValue] + publicKey)
        return digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// A public key as it is handed around: `name+hex(keyID)+base64(kind ‖ key)`.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let kind: SignatureKind
    /// 32 bytes.
    public let publicKey: [UInt8]
    public let keyID: UInt32

    init(name: String, kind: SignatureKind, publicKey: [UInt8]) {
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
        keyID = kind.keyID(name: name, publicKey: publicKey)
    }

    public var description: String {
        let digits = String(keyID, radix: 16)
        return "\(name)+\(String(repeating: "0", count: 8 - digits.count))\(digits)+\(Base64.encode([kind.rawValue] + publicKey))"
    }

    /// - Throws: `NoteError.badKey`.
    public init(_ text: String) throws(NoteError) {
        // Base64 may hold a plus, the rest may not.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Note.isName(String(parts[0])) else { throw .badKey("it is not of the form name+id+key") }
        guard let bytes = Base64.decode(parts[2]), bytes.count == 33, let kind = SignatureKind(rawValue: bytes[0]) else {
            throw .badKey("the last part is not an Ed25519 key in base64")
        }
        self.init(name: String(parts[0]), kind: kind, publicKey: Array(bytes.dropFirst()))
        guard description == text else { throw .badKey("its id does not belong to its name and key") }
    }

    /// The same key under another name: its id differs with it.
    public func named(_ name: String) -> VerifierKey { VerifierKey(name: name, kind: kind, publicKey: publicKey) }

    /// Whether a signature line by this key is good for a text.
    public func verifies(_ signature: Note.Signature, of text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        switch kind {
        case .ed25519:
            return key.isValidSignature(signature.bytes, for: Array(text.utf8))
        case .cosignature:
            guard let cosignature = Cosignature(signature), cosignature.time > 0 else { return false }
            return key.isValidSignature(cosignature.signature, for: Array(Cosignature.message(text, time: cosignature.time).utf8))
        }
    }
}

/// An Ed25519 private key with the name that it signs under.
public struct SignerKey: Sendable {
    public let name: String
    private let key: Curve25519.Signing.PrivateKey

    /// A new one, from the system's random source.
    public init(generating name: String) {
        self.name = name
        key = Curve25519.Signing.PrivateKey()
    }

    /// - Parameter seed: 32 bytes; nil for any other number.
    public init?(name: String, seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.name = name
        self.key = key
    }

    /// The same key under another name: its id differs with it.
    public func named(_ name: String) -> SignerKey { SignerKey(name: name, key: key) }

    private init(name: String, key: Curve25519.Signing.PrivateKey) {
        self.name = name
        self.key = key
    }

    /// The secret, 32 bytes.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    public func verifier(_ kind: SignatureKind = .ed25519) -> VerifierKey {
        VerifierKey(name: name, kind: kind, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// Signs a note's text.
    public func sign(_ text: String) throws -> Note.Signature {
        let signature = try key.signature(for: Array(text.utf8))
        return Note.Signature(name: name, keyID: verifier().keyID, bytes: Array(signature))
    }

    /// Cosigns a note's text as a witness.
    /// - Parameter time: seconds since 1970; above 0.
    public func cosign(_ text: String, time: UInt64) throws -> Note.Signature {
        let signature = try key.signature(for: Array(Cosignature.message(text, time: time).utf8))
        return Note.Signature(
            name: name, keyID: verifier(.cosignature).keyID, bytes: withUnsafeBytes(of: time.bigEndian) { Array($0) } + signature)
    }
}

/// What a cosignature's bytes hold: when it was made, and the signature.
public struct Cosignature: Sendable, Hashable {
    /// Seconds since 1970.
    public let time: UInt64
    /// 64 bytes.
    public let signature: [UInt8]

    /// Nil where there are not 72 bytes.
    public init?(_ line: Note.Signature) {
        guard line.bytes.count == 72 else { return nil }
        time = line.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(line.bytes.dropFirst(8))
    }

    static func message(_ text: String, time: UInt64) -> String { "cosignature/v1\ntime \(time)\n\(text)" }
}

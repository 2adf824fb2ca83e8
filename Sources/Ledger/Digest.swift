import Crypto
public import Foundation

/// How an entry commits to its payload. The hashes of the tree are `TreeHash`'s.
public enum Digest {
    /// HMAC-SHA256(key: salt, message): commits to the message, and tells nothing of it once the salt is gone.
    public static func keyed(_ message: String, salt: [UInt8]) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: SymmetricKey(data: salt))
        return Array(code)
    }

    /// 32 bytes of the system's random source.
    static func salt() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<4).flatMap { _ in withUnsafeBytes(of: random.next() as UInt64) { Array($0) } }
    }
}

extension UUID {
    /// The version 5 UUID of `name` in `namespace` (RFC 9562 §5.5): the same on every machine.
    public static func v5(namespace: UUID, name: String) -> UUID {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: namespace.uuid) { hash.update(bufferPointer: $0) }
        hash.update(data: Array(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

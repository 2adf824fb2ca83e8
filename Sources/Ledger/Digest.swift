import Crypto

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

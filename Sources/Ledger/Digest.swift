import Crypto
import Foundation

/// How an entry commits to its payload. The hashes of the tree are `TreeHash`'s.
public enum Digest {
    /// HMAC-SHA256(key: salt, message): commits to the message, and tells nothing of it once the salt is gone.
    public static func keyed(_ message: String, salt: [UInt8]) -> [UInt8] {
        var message = message
        return message.withUTF8 { message in salt.withUnsafeBytes { Array(code(UnsafeRawBufferPointer(message), salt: $0)) } }
    }

    /// Whether that is the keyed digest of a message.
    static func keyed(_ message: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer, equals digest: UnsafeRawBufferPointer) -> Bool {
        code(message, salt: salt).withUnsafeBytes { $0.equals(digest) }
    }

    /// The same of a digest in lower-case hexadecimal digits; false where there is none.
    static func keyed(_ message: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer, equalsHex digits: UnsafeRawBufferPointer?) -> Bool {
        guard let digits else { return false }
        return code(message, salt: salt).withUnsafeBytes { digest in
            var match = EntryMatch(digits)
            match.expect(hex: digest)
            return match.isWhole
        }
    }

    /// RFC 2104 over the library's SHA-256: its `HMAC` makes a key object and several arrays for each message, which costs more than the hashing.
    private static func code(_ message: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer) -> SHA256Digest {
        guard salt.count <= SHA256.blockByteCount else {
            var key = SHA256()
            key.update(bufferPointer: salt)
            return key.finalize().withUnsafeBytes { code(message, salt: $0) }
        }
        return withUnsafeTemporaryAllocation(byteCount: SHA256.blockByteCount, alignment: 8) { block in
            func pad(_ byte: UInt8) -> UnsafeRawBufferPointer {
                for index in 0..<block.count { block[index] = byte ^ (index < salt.count ? salt[index] : 0) }
                return UnsafeRawBufferPointer(block)
            }
            var inner = SHA256()
            inner.update(bufferPointer: pad(0x36))
            inner.update(bufferPointer: message)
            var outer = SHA256()
            outer.update(bufferPointer: pad(0x5C))
            inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
            return outer.finalize()
        }
    }

    /// Salts of 32 bytes each, of the system's random source: as many at once as it gives, since asking costs more than the bytes. The libraries' own
    /// generators ask for eight bytes at a time.
    static func salts(_ count: Int) -> [[UInt8]] {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { random in
            (0..<count).map { index in
                let start = index % 8 * 32
                if start == 0 {
                    precondition(random.baseAddress.map { getentropy($0, random.count) } == 0, "the system gives no random bytes")
                }
                return Array(random[start..<(start + 32)])
            }
        }
    }
}

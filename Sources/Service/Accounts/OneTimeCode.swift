import Crypto
import Foundation

/// Time-based one-time codes (RFC 6238): SHA-1, 30 seconds, six digits, as every authenticator has them.
enum OneTimeCode {
    static let secretBytes = 20
    static let period: Int64 = 30
    /// How many steps a phone's clock may be off, each way.
    static let window: Int64 = 1

    static func newSecret() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<secretBytes).map { _ in random.next() }
    }

    static func step(at time: Int64) -> Int64 { time / period }

    /// The code of a step (RFC 4226 §5.3).
    static func code(_ secret: [UInt8], step: Int64) -> String {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step whose code this is, within the window and after the last one that was taken; nil where there is none. Looks at all of them.
    static func step(of code: String, secret: [UInt8], after last: Int64, at time: Int64) -> Int64? {
        let given = Array(code.utf8)
        var found: Int64?
        for step in OneTimeCode.step(at: time) - window...OneTimeCode.step(at: time) + window {
            let wanted = Array(OneTimeCode.code(secret, step: step).utf8)
            var difference = given.count == wanted.count ? UInt8(0) : 1
            for (left, right) in zip(given, wanted) { difference |= left ^ right }
            if difference == 0, step > last { found = step }
        }
        return found
    }

    /// What an authenticator reads from a QR code (Google Authenticator's Key URI Format).
    static func uri(_ secret: [UInt8], clinic: String, staff: String) -> String {
        "otpauth://totp/Dripline:\(staff)%40\(clinic)?secret=\(Base32.encode(secret))&issuer=Dripline&algorithm=SHA1&digits=6&period=30"
    }
}

/// RFC 4648 base32 without padding, as authenticators want it.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (buffer, bits) = (0, 0)
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { out.append(alphabet[buffer << (5 - bits) & 31]) }
        return String(decoding: out, as: UTF8.self)
    }
}

import Crypto

/// 256 random bits that a client shows to prove something, as text: `dripline_token_…`. Its prefix lets people and scanners for leaked secrets
/// recognise it; its last six characters are a checksum, so that a mistyped one costs the database nothing. Only its digest is stored.
struct AccountSecret: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// A program's bearer token.
        case token = "dripline_token_"
        /// A person's session.
        case session = "dripline_session_"
        /// A browser in which somebody signed in before.
        case device = "dripline_device_"
        /// The link that makes the first administrator.
        case setup = "dripline_setup_"
    }

    let kind: Kind
    let text: String

    /// What is stored and looked up: SHA-256 of the text.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// A new one.
    init(_ kind: Kind) {
        var random = SystemRandomNumberGenerator()
        let body = Base62.encode((0..<32).map { _ in random.next() as UInt8 }, digits: Self.bodyDigits)
        self.kind = kind
        text = kind.rawValue + body + Self.checksum(kind.rawValue + body)
    }

    /// Reads what a client sent; nil where it is none, or was mistyped.
    init?(_ text: String) {
        guard text.utf8.count <= 128, let kind = Kind.allCases.first(where: { text.hasPrefix($0.rawValue) }) else { return nil }
        let rest = text.dropFirst(kind.rawValue.count)
        guard rest.utf8.count == Self.bodyDigits + Self.checksumDigits, rest.utf8.allSatisfy(Base62.isDigit) else { return nil }
        guard text.hasSuffix(Self.checksum(String(text.dropLast(Self.checksumDigits)))) else { return nil }
        self.kind = kind
        self.text = text
    }

    private static let bodyDigits = 43
    private static let checksumDigits = 6

    private static func checksum(_ text: String) -> String {
        Base62.encode(Array(SHA256.hash(data: Array(text.utf8)).prefix(4)), digits: checksumDigits)
    }
}

/// Numbers in digits that survive double clicks, URLs and shells: 0–9, A–Z, a–z.
enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func isDigit(_ byte: UInt8) -> Bool { alphabet.contains(byte) }

    /// The number that `bytes` spell, the first the highest, with zeros in front up to `digits`.
    static func encode(_ bytes: [UInt8], digits: Int) -> String {
        var number = bytes
        var out = [UInt8](repeating: alphabet[0], count: digits)
        for place in stride(from: digits - 1, through: 0, by: -1) {
            var remainder = 0
            for index in number.indices {
                let value = remainder << 8 | Int(number[index])
                number[index] = UInt8(value / 62)
                remainder = value % 62
            }
            out[place] = alphabet[remainder]
        }
        return String(decoding: out, as: UTF8.self)
    }
}

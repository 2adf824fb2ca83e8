import Canonical
import Foundation

/// A JWT as it was sent (RFC 7515, RFC 7519), read strictly and not believed yet.
struct OpenIDToken: Sendable {
    let header: JSON
    let claims: JSON
    /// What the signature is over.
    let signed: [UInt8]
    let signature: [UInt8]
    let text: String

    /// Bytes of a token.
    static let maximumBytes = 8192

    /// What a header may carry that changes how the token is to be read, or names a key of the sender's own choice: none of it is believed, and a
    /// token that has it is not one of our provider's.
    private static let refused = ["crit", "jwk", "jku", "x5u", "x5c", "zip", "enc", "cty", "b64"]

    /// Nil for what is no such token.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), !signature.isEmpty,
            let header = try? JSON.parse(head), let claims = try? JSON.parse(body), case .object = claims, case .object = header,
            Self.refused.allSatisfy({ header[$0] == nil })
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        self.text = text
        signed = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    var algorithm: String? { header["alg"]?.text }

    /// Nil where none is named; a name that is no text is refused by `hasGoodForm`.
    var keyID: String? { header["kid"]?.text }

    /// `typ` may be left out; else it must be that of an ID token or an access token (RFC 9068).
    var hasGoodForm: Bool {
        if header["kid"] != nil, keyID == nil { return false }
        guard let type = header["typ"] else { return true }
        guard let text = type.text?.lowercased() else { return false }
        return ["jwt", "at+jwt", "application/jwt", "application/at+jwt"].contains(text)
    }

    var issuer: String? { claims["iss"]?.text }

    /// Whether it is meant for this client: alone, or among others, of whom then one is named as the party that it was given to.
    func isMeant(for audience: String) -> Bool {
        if let party = claims["azp"], party.text != audience { return false }
        switch claims["aud"] {
        case .string(let one): return one == audience
        case .array(let many):
            let names = many.compactMap(\.text)
            return names.count == many.count && names.contains(audience) && (names.count == 1 || claims["azp"] != nil)
        default: return false
        }
    }

    /// Seconds since 1970 (RFC 7519 §2, NumericDate); nil where it is missing or none.
    func date(_ claim: String) -> Int64? {
        guard let seconds = claims[claim]?.int64, (0..<253_402_300_800).contains(seconds) else { return nil }
        return seconds
    }
}

/// RFC 4648 §5 without padding, each value in its one form.
enum Base64URL {
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var (buffer, bits) = (UInt32(0), 0)
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "_"): digit = 63
            default: return nil
            }
            buffer = (buffer << 6 | UInt32(digit)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        // What is left over must be less than a digit, and zeros.
        guard bits < 6, buffer & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
        return out
    }
}

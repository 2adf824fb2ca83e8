import Canonical
import Crypto
import Foundation

@testable import Service

/// Makes tokens as a provider does, and as nobody should.
struct Forger: Sendable {
    static let issuer = "https://id.hickory.example"
    static let audience = "dripline"

    let key = P256.Signing.PrivateKey()
    let now = Timestamp.now().microseconds / 1_000_000

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    func jwk(_ kid: String, more: [String: JSON] = [:]) -> JSON {
        let raw = Array(key.publicKey.rawRepresentation)
        var members: [String: JSON] = [
            "kty": "EC", "crv": "P-256", "kid": .string(kid), "use": "sig", "alg": "ES256", "x": .string(Self.encode(raw[..<32])),
            "y": .string(Self.encode(raw[32...])),
        ]
        members.merge(more) { $1 }
        return .object(members)
    }

    static func set(_ keys: JSON...) -> Data { Data(JSON.object(["keys": .array(keys)]).canonical.utf8) }

    func claims(_ more: [String: JSON?] = [:]) -> [String: JSON] {
        var claims: [String: JSON] = [
            "iss": .string(Self.issuer), "aud": .string(Self.audience), "sub": "42", "preferred_username": .string(TestClinic.nurse),
            "iat": .number(JSONNumber(now - 5)), "exp": .number(JSONNumber(now + 300)), "nbf": .number(JSONNumber(now - 5)),
        ]
        for (name, value) in more { claims[name] = value }
        return claims
    }

    func header(_ more: [String: JSON?] = [:]) -> [String: JSON] {
        var header: [String: JSON] = ["alg": "ES256", "kid": "one", "typ": "JWT"]
        for (name, value) in more { header[name] = value }
        return header
    }

    func token(header: [String: JSON]? = nil, claims: [String: JSON]? = nil) throws -> String {
        try token(JSON.object(header ?? self.header()).canonical, JSON.object(claims ?? self.claims()).canonical)
    }

    /// Of any text.
    func token(_ header: String, _ claims: String) throws -> String {
        let signed = Self.encode(header.utf8) + "." + Self.encode(claims.utf8)
        return signed + "." + Self.encode(try key.signature(for: Data(signed.utf8)).rawRepresentation)
    }

    func hmac(_ secret: Data, _ algorithm: String = "HS256") -> String {
        let signed =
            Self.encode(JSON.object(header(["alg": .string(algorithm)])).canonical.utf8) + "."
            + Self.encode(JSON.object(claims()).canonical.utf8)
        return signed + "." + Self.encode(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: secret)))
    }
}

extension Forger {
    /// Name and text of tokens that must not open anything.
    func forgeries() throws -> [(String, String)] {
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let other = Forger()
        func number(_ seconds: Int64) -> JSON { .number(JSONNumber(seconds)) }
        func unsigned(_ algorithm: String) -> String {
            Self.encode(JSON.object(header(["alg": .string(algorithm)])).canonical.utf8) + "." + parts[1] + "."
        }
        var forged: [(String, String)] = [
            ("alg none, no signature", unsigned("none")), ("alg NONE, no signature", unsigned("NONE")),
            ("alg none, a signature", unsigned("none") + parts[2]), ("alg ES256, no signature", parts[0] + "." + parts[1] + "."),
            ("HS256 with the public key, raw", hmac(key.publicKey.rawRepresentation)),
            ("HS256 with the public key, DER", hmac(key.publicKey.derRepresentation)),
            ("HS256 with the public key, PEM", hmac(Data(key.publicKey.pemRepresentation.utf8))),
            ("HS256 with the key set", hmac(Self.set(jwk("one")))), ("HS256 with an empty secret", hmac(Data([0]))),
            ("another key", try other.token()), ("another key's name", try token(header: header(["kid": "two"]))),
            ("an unknown key", try token(header: header(["kid": "nine"]))), ("an empty kid", try token(header: header(["kid": ""]))),
            ("a kid that is a path", try token(header: header(["kid": "../../dev/null"]))),
            ("a kid that is SQL", try token(header: header(["kid": "one' OR '1'='1"]))),
            ("a kid that is a number", try token(header: header(["kid": 1]))),
            ("an algorithm that isn't the key's", try token(header: header(["alg": "RS256"]))),
            ("an algorithm that isn't allowed", try token(header: header(["alg": "ES384"]))),
            ("no algorithm", try token(header: header(["alg": nil]))),
            ("typ of a logout token", try token(header: header(["typ": "logout+jwt"]))),
            ("typ that is no text", try token(header: header(["typ": 1]))),
            ("crit unknown", try token(header: header(["crit": ["exp"], "exp": 1]))),
            ("crit b64", try token(header: header(["crit": ["b64"], "b64": false]))),
            ("crit empty", try token(header: header(["crit": []]))), ("cty of a nested token", try token(header: header(["cty": "JWT"]))),
            ("an embedded jwk", try other.token(header: other.header(["jwk": other.jwk("one")]))),
            ("an embedded jwk, our key", try token(header: header(["jwk": jwk("one")]))),
            ("jku", try other.token(header: other.header(["jku": "https://evil.example/jwks"]))),
            ("x5u", try token(header: header(["x5u": "https://evil.example/chain.pem"]))),
            ("x5c", try token(header: header(["x5c": ["MIIB"]]))), ("zip", try token(header: header(["zip": "DEF"]))),
            ("wrong issuer", try token(claims: claims(["iss": "https://id.evil.example"]))),
            ("issuer with a slash", try token(claims: claims(["iss": .string(Self.issuer + "/")]))),
            ("no issuer", try token(claims: claims(["iss": nil]))),
            ("wrong audience", try token(claims: claims(["aud": "another"]))),
            ("audience in another case", try token(claims: claims(["aud": "Dripline"]))),
            ("no audience", try token(claims: claims(["aud": nil]))),
            ("ours among audiences, no azp", try token(claims: claims(["aud": ["another", "dripline"]]))),
            ("another's azp", try token(claims: claims(["azp": "another"]))),
            ("expired", try token(claims: claims(["exp": number(now - 120)]))), ("no exp", try token(claims: claims(["exp": nil]))),
            ("exp that is text", try token(claims: claims(["exp": .string("\(now + 300)")]))),
            ("exp before iat", try token(claims: claims(["exp": number(now - 6)]))),
            ("exp beyond all time", try token("{\"alg\":\"ES256\",\"kid\":\"one\"}", "{\"exp\":1e400}")),
            ("nbf in the future", try token(claims: claims(["nbf": number(now + 3600)]))),
            ("nbf that is null", try token(claims: claims(["nbf": .some(.null)]))),
            ("iat in the future", try token(claims: claims(["iat": number(now + 3600), "exp": number(now + 7200)]))),
            ("no iat", try token(claims: claims(["iat": nil]))),
            (
                "issued days ago, still good for years",
                try token(claims: claims(["iat": number(now - 200_000), "exp": number(now + 1_000_000)]))
            ),
            ("auth_time in the future", try token(claims: claims(["auth_time": number(now + 3600)]))),
            ("nobody's handle", try token(claims: claims(["preferred_username": "stranger"]))),
            ("no handle", try token(claims: claims(["preferred_username": nil]))),
            ("a handle that is none", try token(claims: claims(["preferred_username": "n.nurse\u{0}"]))),
            ("handles as an array", try token(claims: claims(["preferred_username": ["n.nurse"]]))),
            ("cut at the end", String(good.dropLast(2))), ("cut in the middle", String(good.prefix(good.count / 2))),
            ("one character more", good + "A"), ("two at once", good + good), ("two by a dot", good + "." + good),
            ("with padding", good + "="), ("in quotes", "\"\(good)\""),
            ("signature first", [parts[2], parts[0], parts[1]].joined(separator: ".")),
            ("five parts", good + ".a.b"), ("only dots", ".."),
            ("huge", try token(claims: claims(["x": .string(String(repeating: "x", count: 40_000))]))),
            (
                "claims of another token",
                parts[0] + "." + Self.encode(JSON.object(claims(["preferred_username": "d.doctor"])).canonical.utf8) + "." + parts[2]
            ),
            ("a signature of zeros", parts[0] + "." + parts[1] + "." + Self.encode([UInt8](repeating: 0, count: 64))),
            (
                "a claim twice",
                try token(#"{"alg":"ES256","kid":"one"}"#, String(JSON.object(claims()).canonical.dropLast()) + #","aud":"dripline"}"#)
            ),
            ("alg twice", try token(#"{"alg":"none","alg":"ES256","kid":"one"}"#, JSON.object(claims()).canonical)),
            ("claims that are an array", try token(#"{"alg":"ES256","kid":"one"}"#, "[]")),
            ("a header that is no JSON", try token("alg", JSON.object(claims()).canonical)),
            ("nested too deep", try token(#"{"alg":"ES256","kid":"one"}"#, String(repeating: "[", count: 5000))),
        ]
        let der = try key.signature(for: Data((parts[0] + "." + parts[1]).utf8)).derRepresentation
        forged.append(("a signature in DER", parts[0] + "." + parts[1] + "." + Self.encode(der)))
        return forged
    }
}

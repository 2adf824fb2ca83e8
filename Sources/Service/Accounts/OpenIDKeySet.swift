import Canonical
import Foundation
import JWTKit

/// The keys of an identity provider (RFC 7517), each for one algorithm.
struct OpenIDKeySet: Sendable {
    struct Key: Sendable {
        let algorithm: String
        let verifier: any JWTAlgorithm
    }

    /// By `kid`; a key without one stands under the empty name, which no token can give.
    let keys: [String: Key]

    static let maximumBytes = 256 << 10
    static let maximumKeys = 64

    /// Nil where this is no key set, or none of its keys can be used. Keys that we can't use, or that are not for signatures, are passed over; two of
    /// one name are both left out, since it could not be told which is meant.
    init?(_ bytes: Data) async {
        guard bytes.count <= Self.maximumBytes, let json = try? JSON.parse(bytes), let items = json["keys"]?.elements,
            items.count <= Self.maximumKeys
        else { return nil }
        var keys: [String: Key] = [:]
        var ambiguous: Set<String> = []
        for item in items {
            guard let (name, key) = await Self.key(item) else { continue }
            if keys.updateValue(key, forKey: name) != nil { ambiguous.insert(name) }
        }
        for name in ambiguous { keys[name] = nil }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// The key that a token names; one that names none can only mean the only key.
    func key(_ name: String?) -> Key? {
        guard let name else { return keys.count == 1 ? keys.values.first : nil }
        return name.isEmpty ? nil : keys[name]
    }

    private static func key(_ json: JSON) async -> (name: String, key: Key)? {
        if let use = json["use"], use.text != "sig" { return nil }
        if let operations = json["key_ops"]?.elements, !operations.contains("verify") { return nil }
        guard let algorithm = algorithm(of: json) else { return nil }
        let name = json["kid"]?.text ?? ""
        // Only the public half is taken, whatever else is there.
        var members: [String: JSON] = ["kid": .string(name), "alg": .string(algorithm)]
        for member in ["kty", "crv", "n", "e", "x", "y"] { members[member] = json[member] }
        guard let jwk = try? JSONDecoder().decode(JWK.self, from: Data(JSON.object(members).canonical.utf8)) else { return nil }
        let collection = JWTKeyCollection()
        guard (try? await collection.add(jwk: jwk)) != nil,
            let verifier = try? await collection.getKey(for: JWKIdentifier(string: name), alg: algorithm), verifier.name == algorithm
        else { return nil }
        return (name, Key(algorithm: algorithm, verifier: verifier))
    }

    /// The one algorithm of a key: the one that it names, if it fits its kind, or the usual one of its kind. Never one with a shared secret.
    private static func algorithm(of json: JSON) -> String? {
        let fitting: [String]
        switch (json["kty"]?.text, json["crv"]?.text) {
        case ("RSA", nil):
            // NIST SP 800-131A: 2048 bits at least.
            guard let modulus = json["n"]?.text.flatMap({ Base64URL.decode(Array($0.utf8)) }), modulus.drop(while: { $0 == 0 }).count >= 256
            else {
                return nil
            }
            fitting = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
        case ("EC", "P-256"): fitting = ["ES256"]
        case ("EC", "P-384"): fitting = ["ES384"]
        case ("EC", "P-521"): fitting = ["ES512"]
        case ("OKP", "Ed25519"): fitting = ["EdDSA"]
        default: return nil
        }
        guard let named = json["alg"] else { return fitting[0] }
        return named.text.flatMap { fitting.contains($0) ? $0 : nil }
    }
}

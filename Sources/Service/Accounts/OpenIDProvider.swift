/// The identity provider of a clinic (OpenID Connect): whose tokens are believed, and whom they name.
public struct OpenIDProvider: Sendable, Hashable {
    /// Where its keys come from (RFC 7517, a JWK set).
    public enum Keys: Sendable, Hashable {
        case url(String)
        case file(String)
    }

    /// As the claim `iss` says it, to the letter.
    public var issuer: String
    /// What `aud` must name: the client id that the provider knows Dripline by.
    public var audience: String
    public var keys: Keys
    /// The algorithms that are believed; each key is used with one.
    public var algorithms: Set<String>
    /// The claim that holds the staff handle.
    public var staffClaim: String

    public init(
        issuer: String, audience: String, keys: Keys, algorithms: Set<String> = ["RS256", "ES256", "EdDSA"],
        staffClaim: String = "preferred_username"
    ) {
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
        self.algorithms = algorithms
        self.staffClaim = staffClaim
    }
}

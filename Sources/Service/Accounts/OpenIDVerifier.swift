import Canonical
import Foundation
import JWTKit
import Logging

/// Whether tokens of the clinics' identity providers are good, and whom they name.
struct OpenIDVerifier: Sendable {
    /// What a good token says.
    struct Identity: Sendable, Hashable {
        let clinic: String
        let staff: String
        let issuer: String
        let issuedAt: Timestamp
        /// When the person proved who they are to the provider: `auth_time`, else when the token was issued.
        let authenticatedAt: Timestamp
    }

    private let clinics: [String: (provider: OpenIDProvider, keys: OpenIDKeySource)]
    /// No token is believed for longer, whatever it says: it can't be revoked.
    private let lifetime: Duration

    /// How far the provider's clock may be off, in seconds.
    static let leeway: Int64 = 60

    init(_ providers: [String: OpenIDProvider], lifetime: Duration, pause: Duration = .seconds(60), logger: Logger) {
        self.lifetime = lifetime
        var sources: [OpenIDProvider.Keys: OpenIDKeySource] = [:]
        clinics = providers.mapValues { provider in
            let source = sources[provider.keys] ?? OpenIDKeySource(provider.keys, pause: pause, logger: logger)
            sources[provider.keys] = source
            return (provider, source)
        }
    }

    /// Nil for a token that is not good, for whatever reason.
    /// - Parameter clinic: whose provider is meant; nil where the request does not tell, then the token's issuer and audience must belong to one clinic.
    /// - Throws: `AccountError.unavailable` where the provider's keys were never got.
    func identity(_ text: String, clinic: String?, now: Int64) async throws(AccountError) -> Identity? {
        guard let token = OpenIDToken(text), token.hasGoodForm, let clinic = self.clinic(of: token, asked: clinic),
            let (provider, keys) = clinics[clinic], let algorithm = token.algorithm, provider.algorithms.contains(algorithm)
        else { return nil }
        // What it says is looked at before its signature, which costs more, and believed after.
        guard token.issuer == provider.issuer, token.isMeant(for: provider.audience), let times = times(token, now),
            let staff = token.claims[provider.staffClaim]?.text
        else { return nil }
        guard let key = try await keys.key(token.keyID), key.algorithm == algorithm,
            (try? key.verifier.verify(token.signature, signs: token.signed)) == true
        else { return nil }
        return Identity(
            clinic: clinic, staff: staff, issuer: provider.issuer, issuedAt: times.issued, authenticatedAt: times.authenticated)
    }

    /// The clinic whose provider the token claims to come from.
    private func clinic(of token: OpenIDToken, asked: String?) -> String? {
        let claimed = clinics.filter { $0.value.provider.issuer == token.issuer && token.isMeant(for: $0.value.provider.audience) }
        if let asked, claimed[asked] != nil { return asked }
        return claimed.count == 1 ? claimed.first?.key : nil
    }

    private func times(_ token: OpenIDToken, _ now: Int64) -> (issued: Timestamp, authenticated: Timestamp)? {
        guard let expires = token.date("exp"), now < expires + Self.leeway, let issued = token.date("iat"), issued <= now + Self.leeway,
            expires > issued, now < issued + lifetime.wholeSeconds
        else { return nil }
        if token.claims["nbf"] != nil {
            guard let start = token.date("nbf"), start <= now + Self.leeway else { return nil }
        }
        var authenticated = issued
        if token.claims["auth_time"] != nil {
            guard let time = token.date("auth_time"), time <= now + Self.leeway else { return nil }
            authenticated = time
        }
        func timestamp(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
        return (timestamp(issued), timestamp(min(authenticated, now)))
    }
}

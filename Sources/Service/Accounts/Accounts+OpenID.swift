import Canonical
import Clinic
import Crypto
import Foundation
import Logging
import Synchronization

extension Accounts {
    /// Whether a bearer token has the form of a JWT.
    static func isOpenIDToken(_ text: String) -> Bool { text.utf8.count { $0 == UInt8(ascii: ".") } == 2 }

    /// Who holds this token of the clinic's identity provider; nil where it is no good, or its holder is not enrolled, or their account is off.
    /// A token that is seen for the first time is a sign-in: it is in the access log before this returns.
    func principal(ofOpenID text: String, clinic: String?) async throws -> Principal? {
        guard let (identity, member) = try await holder(ofOpenID: text, clinic: clinic) else { return nil }
        let digest = Array(SHA256.hash(data: Array(text.utf8)))
        if !seenTokens.contains(digest) {
            try await events.signedIn(byToken: digest, issuedAt: identity.issuedAt, clinic: identity.clinic, staff: identity.staff)
            seenTokens.insert(digest)
        }
        return Principal(
            clinic: identity.clinic, staff: identity.staff, name: member.name, roles: Set(member.roles.map(\.rawValue)),
            credential: .openID(issuer: identity.issuer), authenticatedAt: identity.authenticatedAt)
    }

    /// Opens a session for who shows an ID token of their clinic's provider.
    /// - Throws: `AccountError`; `RecordingError` where the access log can't be written.
    func signIn(openID text: String, clinic: String, client: ClientDescription) async throws -> SignedInSession {
        let keys = [AttemptKey.address(client.network)]
        try await store.begin(keys)
        guard let (identity, member) = try await holder(ofOpenID: text, clinic: clinic), identity.clinic == clinic else {
            if try await !events.signInFailed(clinic: clinic, staff: nil, reason: "token not good") {
                logger.notice("a sign-in failed at a clinic that is not here")
            }
            throw AccountError.wrongCredentials
        }
        try await store.succeeded(keys)
        let account = try await accountWithoutPassword(clinic: clinic, staff: identity.staff)
        let proven = Proven(
            account: account, clinic: clinic, staff: identity.staff, name: member.name, roles: Set(member.roles.map(\.rawValue)))
        return try await open(proven, method: "oidc", client: client, device: nil, authenticatedAt: identity.authenticatedAt)
    }

    private func holder(
        ofOpenID text: String, clinic: String?
    ) async throws(AccountError) -> (identity: OpenIDVerifier.Identity, member: StaffMember)? {
        let now = Timestamp.now().microseconds / 1_000_000
        guard let identity = try await openID.identity(text, clinic: clinic, now: now), StaffHandle.isValid(identity.staff),
            let member = try await directory.member(identity.staff, of: identity.clinic, version: nil)
        else { return nil }
        let account = try await store.accounts(clinic: identity.clinic, staff: identity.staff).first
        return account?.disabledAt == nil ? (identity, member) : nil
    }
}

/// Tokens that are in the access log already, by digest. A hint that saves an append, which would find them there.
final class SeenTokens: Sendable {
    private let digests = Mutex<Set<[UInt8]>>([])

    static let capacity = 16_384

    func contains(_ digest: [UInt8]) -> Bool { digests.withLock { $0.contains(digest) } }

    func insert(_ digest: [UInt8]) {
        digests.withLock { digests in
            if digests.count >= Self.capacity { digests.removeAll() }
            digests.insert(digest)
        }
    }
}

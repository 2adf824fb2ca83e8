import Canonical
import Clinic
import Foundation
import Logging

/// A sign-in that succeeded: what the client is to hold, and who it is.
struct SignedInSession: Sendable {
    let secret: AccountSecret
    let id: UUID
    let principal: Principal
    let expiresAt: Timestamp
    /// The browser's mark, new where it had none.
    let device: AccountSecret
}

/// Who says they are whom, and how they prove it.
struct PasswordProof: Sendable {
    let clinic: String
    let staff: String
    let password: String
    /// The one-time code, where the account asks for one.
    let code: String?
}

extension Accounts {
    /// A password that is longer than this was never set.
    static let maximumPasswordBytes = 2048

    /// Signs somebody in by password. The sign-in, or its failure, is in the clinic's access log before this returns.
    /// - Parameter device: what the browser shows of an earlier sign-in.
    /// - Throws: `AccountError`; `RecordingError` where the access log can't be written: then nobody is signed in.
    func signIn(_ proof: PasswordProof, client: ClientDescription, device: AccountSecret?) async throws -> SignedInSession {
        let isKnown: Bool
        if let device { isKnown = try await store.knows(device, clinic: proof.clinic, staff: proof.staff) } else { isKnown = false }
        let keys: [AttemptKey] =
            if isKnown, let device {
                [.device(device, clinic: proof.clinic, staff: proof.staff)]
            } else {
                [.account(clinic: proof.clinic, staff: proof.staff), .address(client.network)]
            }
        try await store.begin(keys)
        let proven = try await prove(proof)
        try await store.succeeded(keys)
        return try await open(
            proven, method: "password", client: client, device: isKnown ? device : nil, authenticatedAt: nil)
    }

    /// Has somebody who is signed in prove again who they are: before a signature (21 CFR 11.200), or a change of their account.
    /// - Returns: when they did, which their session now says too.
    /// - Throws: `AccountError`; `RecordingError` where a failure can't be recorded.
    func confirm(_ principal: Principal, password: String, code: String?) async throws -> Timestamp {
        guard case .session(let session) = principal.credential else { throw AccountError.wrongCredentials }
        // Counted by the session: what strangers try does not keep its holder from signing, and who stole it can't guess for long.
        let keys = [AttemptKey.session(session)]
        try await store.begin(keys)
        let proof = PasswordProof(clinic: principal.clinic, staff: principal.staff, password: password, code: code)
        _ = try await prove(proof)
        try await store.succeeded(keys)
        try await store.renewAuthentication(of: session)
        return .now()
    }

    /// An account whose holder proved who they are.
    struct Proven: Sendable {
        let account: UUID
        let clinic: String
        let staff: String
        let name: String
        let roles: Set<String>
    }

    func prove(_ proof: PasswordProof) async throws -> Proven {
        let credentials = try await store.credentials(clinic: proof.clinic, staff: proof.staff)
        let member = try await directory.member(proof.staff, of: proof.clinic, version: nil)
        let isPassword =
            proof.password.utf8.count <= Self.maximumPasswordBytes
            ? try await hasher.check(proof.password, against: credentials?.password) : false
        var problem = "wrong password"
        if let credentials, let hash = credentials.password, let member, isPassword, !credentials.isDisabled {
            if try await isCodeGood(proof.code, credentials) {
                try await renewHash(hash, proof, credentials.account)
                return Proven(
                    account: credentials.account, clinic: proof.clinic, staff: proof.staff, name: member.name,
                    roles: Set(member.roles.map(\.rawValue)))
            }
            problem = "wrong code"
        } else if credentials?.isDisabled == true {
            problem = "account off"
        } else if member == nil {
            problem = "not enrolled"
        } else if credentials?.password == nil {
            problem = "no password"
        }
        let isSomebody = try await directory.reference(proof.clinic, version: nil).hasEverEnrolled(proof.staff)
        if try await !events.signInFailed(clinic: proof.clinic, staff: isSomebody ? proof.staff : nil, reason: problem) {
            // There is no log to write it to; the counters have it, and the operator is told, without what was typed.
            logger.notice("a sign-in failed at a clinic that is not here")
        }
        throw AccountError.wrongCredentials
    }

    private func isCodeGood(_ code: String?, _ credentials: Credentials) async throws(AccountError) -> Bool {
        guard let secret = credentials.codeSecret else { return true }
        let now = Timestamp.now().microseconds / 1_000_000
        guard let code, let step = OneTimeCode.step(of: code, secret: secret, after: credentials.lastStep, at: now) else { return false }
        return try await store.takeStep(step, of: credentials.account)
    }

    /// What was hashed at another cost is hashed anew while the password is at hand.
    private func renewHash(_ hash: PasswordHash, _ proof: PasswordProof, _ account: UUID) async throws(AccountError) {
        guard hash.cost != hasher.cost else { return }
        try await store.replaceHash(hash, by: try await hasher.hash(proof.password), of: account)
    }

    /// Opens a session. Its id is always new, so that nobody can have planted it.
    func open(
        _ proven: Proven, method: String, client: ClientDescription, device: AccountSecret?, authenticatedAt: Timestamp?
    ) async throws -> SignedInSession {
        let (secret, id) = (AccountSecret(.session), UUID.v7(at: .now()))
        // First the log, then the session: nobody is in without having been written down.
        try await events.signedIn(id, clinic: proven.clinic, staff: proven.staff, method: method)
        guard
            let expiresAt = try await store.createSession(
                id, secret: secret, account: proven.account, method: method, client: client, lifetime: settings.sessionLifetime,
                authenticatedAt: authenticatedAt)
        else { throw AccountError.wrongCredentials }
        let device = device ?? AccountSecret(.device)
        try await store.remember(device, of: proven.account, lifetime: SessionCookie.deviceLifetime)
        let principal = Principal(
            clinic: proven.clinic, staff: proven.staff, name: proven.name, roles: proven.roles, credential: .session(id),
            authenticatedAt: authenticatedAt ?? .now())
        return SignedInSession(secret: secret, id: id, principal: principal, expiresAt: expiresAt, device: device)
    }

    // MARK: Signing out

    /// The session is over, and its SignedOut is in the access log when this returns.
    func signOut(_ principal: Principal) async throws {
        guard case .session(let id) = principal.credential else {
            throw AccountError.invalid("A token is revoked, not signed out: have the operator run `dripline token revoke`.")
        }
        try await signOut(id)
    }

    /// As `signOut(_:)`, for what a browser still holds of a session that it replaces.
    func signOut(replaced secret: AccountSecret) async throws {
        if let id = try await store.endSession(secret, reason: "request") { try await recordEnd(of: id) }
    }

    private func signOut(_ id: UUID) async throws {
        try await store.endSession(id, reason: "request")
        try await recordEnd(of: id)
    }

    // MARK: Changing one's account

    /// A new password for who has just proved the old one. All sessions end; theirs goes on under a new id.
    func changePassword(
        _ principal: Principal, to password: String, client: ClientDescription
    ) async throws -> SignedInSession {
        let account = try await store.account(clinic: principal.clinic, staff: principal.staff)
        try await setPassword(password, clinic: principal.clinic, staff: principal.staff)
        let proven = Proven(
            account: account.id, clinic: principal.clinic, staff: principal.staff, name: principal.name, roles: principal.roles)
        return try await open(proven, method: "password", client: client, device: nil, authenticatedAt: nil)
    }
}

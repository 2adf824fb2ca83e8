import Canonical
import Clinic
public import Foundation
import Ledger
import Logging

/// Who may come in: accounts of staff, their passwords, sessions and tokens, and the proof at every request of who asks.
public final class Accounts: Sendable {
    public let settings: AccountSettings
    let store: AccountStore
    let hasher: PasswordHasher
    let directory: StaffDirectory
    let lookup: CredentialLookup
    let events: AccessEvents
    let openID: OpenIDVerifier
    let seenTokens = SeenTokens()
    let logger: Logger

    init(_ settings: AccountSettings, store: AccountStore, ledger: Ledger, recorder: Recorder, logger: Logger) {
        self.settings = settings
        self.store = store
        self.logger = logger
        hasher = PasswordHasher(cost: settings.passwordCost)
        directory = StaffDirectory(ledger)
        lookup = CredentialLookup(store, idle: settings.sessionIdle)
        events = AccessEvents(recorder: recorder)
        // Who works at a clinic, and as what, stands on its own stream.
        ledger.watch(stream: StreamID.clinic.description) { [cache = store.cache] in cache.forgetAll() }
        openID = OpenIDVerifier(settings.openID, lifetime: settings.sessionLifetime, logger: logger)
    }

    func close() async { await store.close() }

    // MARK: At every request

    /// Who holds this session or token, with the roles in force now; nil where it is no good, or its holder is not enrolled any more.
    /// - Parameter isUse: whether a session is used by it, which keeps it from ending idle.
    func principal(of secret: AccountSecret, isUse: Bool = true) async throws(AccountError) -> Principal? {
        guard let found = try await lookup.find(secret, isUse: isUse),
            let member = try await directory.member(found.staff, of: found.clinic, version: found.clinicVersion)
        else { return nil }
        var roles = Set(member.roles.map(\.rawValue))
        if let most = found.roles { roles.formIntersection(most) }
        return Principal(
            clinic: found.clinic, staff: found.staff, name: member.name, roles: roles,
            credential: found.isSession ? .session(found.id) : .token(found.id), authenticatedAt: found.authenticatedAt)
    }

    // MARK: Keeping accounts

    /// All of them, of one clinic where it is given.
    public func list(clinic: String? = nil) async throws(AccountError) -> [Account] { try await store.accounts(clinic: clinic) }

    /// Makes an account for somebody who is enrolled; without a password, for programs or an identity provider.
    /// - Throws: `AccountError`
    public func add(clinic: String, staff: String, password: String?) async throws(AccountError) -> Account {
        guard try await directory.member(staff, of: clinic, version: nil) != nil else { throw .notEnrolled(clinic: clinic, staff: staff) }
        var hash: PasswordHash?
        if let password { hash = try await newHash(password, clinic: clinic, staff: staff) }
        guard let account = try await store.create(clinic: clinic, staff: staff, password: hash) else {
            throw .accountExists(clinic: clinic, staff: staff)
        }
        return account
    }

    /// Sets a password. All sessions of the account end, and no browser is remembered.
    public func setPassword(_ password: String, clinic: String, staff: String) async throws(AccountError) {
        let account = try await store.account(clinic: clinic, staff: staff)
        let hash = try await newHash(password, clinic: clinic, staff: staff)
        try await store.setPassword(hash, of: account.id)
        try await store.endSessions(of: account.id, reason: "revoked")
        try await store.forgetDevices(of: account.id)
        try await store.forgive(clinic: clinic, staff: staff)
        await recordEnded()
        await untilHeard()
    }

    /// Turns an account off: its sessions and tokens are no good from now on. Or on again, with its failed attempts forgotten.
    public func setDisabled(_ isDisabled: Bool, clinic: String, staff: String) async throws(AccountError) {
        let account = try await store.account(clinic: clinic, staff: staff)
        try await store.setDisabled(isDisabled, account.id)
        if isDisabled {
            try await store.endSessions(of: account.id, reason: "revoked")
            try await store.forgetDevices(of: account.id)
            await recordEnded()
            await untilHeard()
        } else {
            try await store.forgive(clinic: clinic, staff: staff)
        }
    }

    /// A hash of a password that may be chosen.
    func newHash(_ password: String, clinic: String, staff: String) async throws(AccountError) -> PasswordHash {
        if let problem = PasswordRules.problem(with: password, clinic: clinic, staff: staff) { throw .weakPassword(problem) }
        return try await hasher.hash(password)
    }

    // MARK: Sessions

    /// Who is signed in.
    public func sessions(clinic: String, staff: String) async throws(AccountError) -> [AccountSession] {
        try await store.sessions(of: try await store.account(clinic: clinic, staff: staff).id, idle: settings.sessionIdle)
    }

    /// Ends one session of an account, or all. Returns how many.
    @discardableResult
    public func endSessions(
        clinic: String, staff: String, only: UUID? = nil, reason: String = "revoked"
    ) async throws(AccountError) -> Int {
        let account = try await store.account(clinic: clinic, staff: staff)
        let count = try await store.endSessions(of: account.id, only: only, reason: reason)
        await recordEnded()
        await untilHeard()
        return count
    }

    /// Waits until no process believes any more what it read of credentials before: who is told that one has ended can rely on it, also where a
    /// notification is late or lost.
    func untilHeard() async { try? await Task.sleep(for: store.cache.lifetime) }

    /// Records the sign-outs that are not in the access log yet. What cannot be recorded now stays marked and is recorded later.
    func recordEnded() async {
        var after: UUID?
        do {
            while true {
                let ended = try await store.endedSessions(after: after, limit: Self.endedBatch)
                for session in ended {
                    do { try await record(session) } catch {
                        logger.warning("a sign-out could not be recorded yet", metadata: ["error": "\(error)"])
                    }
                }
                guard ended.count == Self.endedBatch else { return }
                after = ended.last?.id
            }
        } catch {
            if Task.isCancelled { return }
            logger.warning("sign-outs could not be recorded yet", metadata: ["error": "\(error)"])
        }
    }

    /// Records the sign-out of one session that has been ended.
    func recordEnd(of session: UUID) async throws {
        for ended in try await store.endedSessions(only: session, limit: 1) { try await record(ended) }
    }

    private func record(_ session: EndedSession) async throws {
        try await events.signedOut(session)
        try await store.deleteSession(session.id)
    }

    private static let endedBatch = 100
}

public import Canonical
public import Foundation
import Postgres

/// Somebody signed in, as it is listed.
public struct AccountSession: Sendable, Hashable {
    public let id: UUID
    public let clinic: String
    public let staff: String
    /// How: `password` or `oidc`.
    public let method: String
    /// Where from, and with what, as far as the client says.
    public let address: String?
    public let agent: String?
    public let createdAt: Timestamp
    /// To the minute.
    public let lastUsedAt: Timestamp
    public let expiresAt: Timestamp

    static let columns = "s.session, a.clinic, a.staff, s.method, s.address, s.agent, s.created_at, s.last_used_at, s.expires_at"

    init(_ row: Row) throws {
        func time(_ value: SQLTimestamp) -> Timestamp { Timestamp(microseconds: value.microseconds) }
        let (id, clinic, staff, method, address, agent, createdAt, lastUsedAt, expiresAt) = try row.decode(
            UUID.self, String.self, String.self, String.self, String?.self, String?.self, SQLTimestamp.self, SQLTimestamp.self,
            SQLTimestamp.self)
        (self.id, self.clinic, self.staff, self.method, self.address, self.agent) = (id, clinic, staff, method, address, agent)
        self.createdAt = time(createdAt)
        self.lastUsedAt = time(lastUsedAt)
        self.expiresAt = time(expiresAt)
    }
}

/// A session that is over and whose SignedOut is still to be recorded.
struct EndedSession: Sendable {
    let id: UUID
    let clinic: String
    let staff: String
    let endedAt: Timestamp
    let reason: String
}

extension AccountStore {
    /// Nil where the account is off: it may have been turned off while its password was checked.
    func createSession(
        _ id: UUID, secret: AccountSecret, account: UUID, method: String, client: ClientDescription, lifetime: Duration,
        authenticatedAt: Timestamp?
    ) async throws(AccountError) -> Timestamp? {
        // The account's row is held until the session is there, so that who turns it off meanwhile ends this session too.
        let sql = """
            INSERT INTO dripline.sessions (session, secret, account, method, address, agent, authenticated_at, expires_at) \
            SELECT $1, $2, a.account, $4, $5, $6, coalesce($8, clock_timestamp()), clock_timestamp() + make_interval(secs => $7) \
            FROM (SELECT account FROM dripline.accounts WHERE account = $3 AND disabled_at IS NULL FOR SHARE) a RETURNING expires_at
            """
        return try await rows(
            sql,
            [
                id, secret.digest, account, method, client.address, client.agent, Double(lifetime.wholeSeconds),
                authenticatedAt.map { SQLTimestamp(microseconds: $0.microseconds) },
            ]
        ) { Timestamp(microseconds: try $0.decode(SQLTimestamp.self).microseconds) }.first
    }

    /// Those that are good now, of one account where it is given.
    func sessions(of account: UUID? = nil, idle: Duration) async throws(AccountError) -> [AccountSession] {
        let sql = """
            SELECT \(AccountSession.columns) FROM dripline.sessions s JOIN dripline.accounts a USING (account) \
            WHERE ($1::uuid IS NULL OR s.account = $1) AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() \
            AND s.last_used_at > clock_timestamp() - make_interval(secs => $2) ORDER BY s.created_at
            """
        return try await rows(sql, [account, Double(idle.wholeSeconds)]) { try AccountSession($0) }
    }

    /// Ends sessions of an account: one, all, or all but one. Returns how many.
    @discardableResult
    func endSessions(of account: UUID, only: UUID? = nil, except: UUID? = nil, reason: String) async throws(AccountError) -> Int {
        let sql = """
            UPDATE dripline.sessions SET ended_at = clock_timestamp(), end_reason = $4 \
            WHERE account = $1 AND ended_at IS NULL AND ($2::uuid IS NULL OR session = $2) AND ($3::uuid IS NULL OR session <> $3)
            """
        return try await execute(sql, [account, only, except, reason])
    }

    /// Ends one session.
    func endSession(_ id: UUID, reason: String) async throws(AccountError) {
        try await execute(
            "UPDATE dripline.sessions SET ended_at = clock_timestamp(), end_reason = $2 WHERE session = $1 AND ended_at IS NULL",
            [id, reason])
    }

    /// Ends a session by what its client holds. Nil where there is none.
    func endSession(_ secret: AccountSecret, reason: String) async throws(AccountError) -> UUID? {
        try await rows(
            "UPDATE dripline.sessions SET ended_at = clock_timestamp(), end_reason = $2 WHERE secret = $1 AND ended_at IS NULL RETURNING session",
            [secret.digest, reason]
        ) { try $0.decode(UUID.self) }.first
    }

    func expireSessions(idle: Duration) async throws(AccountError) {
        let sql = """
            UPDATE dripline.sessions SET ended_at = clock_timestamp(), end_reason = 'expired' WHERE ended_at IS NULL \
            AND (expires_at <= clock_timestamp() OR last_used_at <= clock_timestamp() - make_interval(secs => $1))
            """
        try await execute(sql, [Double(idle.wholeSeconds)])
    }

    /// Those whose SignedOut is still to be recorded, in the order in which they began, after one of them; or one of them.
    func endedSessions(after: UUID? = nil, only: UUID? = nil, limit: Int) async throws(AccountError) -> [EndedSession] {
        let sql = """
            SELECT s.session, a.clinic, a.staff, s.ended_at, s.end_reason FROM dripline.sessions s JOIN dripline.accounts a USING (account) \
            WHERE s.ended_at IS NOT NULL AND ($1::uuid IS NULL OR s.session > $1) AND ($2::uuid IS NULL OR s.session = $2) \
            ORDER BY s.session LIMIT $3
            """
        return try await rows(sql, [after, only, limit]) { row in
            let (id, clinic, staff, endedAt, reason) = try row.decode(
                UUID.self, String.self, String.self, SQLTimestamp.self, String.self)
            return EndedSession(
                id: id, clinic: clinic, staff: staff, endedAt: Timestamp(microseconds: endedAt.microseconds), reason: reason)
        }
    }

    func deleteSession(_ id: UUID) async throws(AccountError) {
        try await execute("DELETE FROM dripline.sessions WHERE session = $1 AND ended_at IS NOT NULL", [id])
    }

    /// The person has just proved again who they are.
    func renewAuthentication(of session: UUID) async throws(AccountError) {
        try await execute("UPDATE dripline.sessions SET authenticated_at = clock_timestamp() WHERE session = $1", [session])
    }
}

public import Canonical
public import Foundation
import Postgres

/// A bearer token as it is listed: without its secret, which nobody has but its holder.
public struct BearerToken: Sendable, Hashable {
    public let id: UUID
    public let clinic: String
    /// The staff handle that it acts under.
    public let staff: String
    /// What its maker called it.
    public let name: String
    public let roles: [String]
    public let createdAt: Timestamp
    public let expiresAt: Timestamp
    /// To the minute.
    public let lastUsedAt: Timestamp?
    public let revokedAt: Timestamp?

    static let columns = "t.token, a.clinic, a.staff, t.name, t.roles, t.created_at, t.expires_at, t.last_used_at, t.revoked_at"

    init(_ row: Row) throws {
        func time(_ value: SQLTimestamp) -> Timestamp { Timestamp(microseconds: value.microseconds) }
        let (id, clinic, staff, name, roles, createdAt, expiresAt, lastUsedAt, revokedAt) = try row.decode(
            UUID.self, String.self, String.self, String.self, [String].self, SQLTimestamp.self, SQLTimestamp.self, SQLTimestamp?.self,
            SQLTimestamp?.self)
        (self.id, self.clinic, self.staff, self.name, self.roles) = (id, clinic, staff, name, roles)
        self.createdAt = time(createdAt)
        self.expiresAt = time(expiresAt)
        self.lastUsedAt = lastUsedAt.map(time)
        self.revokedAt = revokedAt.map(time)
    }
}

extension AccountStore {
    func createToken(
        _ secret: AccountSecret, id: UUID, account: UUID, name: String, roles: [String], lifetime: Duration
    ) async throws(AccountError) -> Timestamp {
        let sql = """
            INSERT INTO dripline.tokens (token, secret, account, name, roles, expires_at) \
            VALUES ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6)) RETURNING expires_at
            """
        let times = try await rows(sql, [id, secret.digest, account, name, roles, Double(lifetime.wholeSeconds)]) {
            try $0.decode(SQLTimestamp.self)
        }
        return Timestamp(microseconds: times.first?.microseconds ?? 0)
    }

    func tokens(clinic: String? = nil) async throws(AccountError) -> [BearerToken] {
        let sql = """
            SELECT \(BearerToken.columns) FROM dripline.tokens t JOIN dripline.accounts a USING (account) \
            WHERE $1::text IS NULL OR a.clinic = $1 ORDER BY t.created_at
            """
        return try await rows(sql, [clinic]) { try BearerToken($0) }
    }

    /// False where there is no such token, or it was revoked before.
    func revokeToken(_ id: UUID) async throws(AccountError) -> Bool {
        try await execute("UPDATE dripline.tokens SET revoked_at = clock_timestamp() WHERE token = $1 AND revoked_at IS NULL", [id]) == 1
    }
}

import Canonical
import Foundation
import Postgres

extension AccountStore {
    func createSetupLink(_ secret: AccountSecret, lifetime: Duration) async throws(AccountError) {
        try await execute(
            """
            INSERT INTO dripline.setup_links (link, secret, expires_at) \
            VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
            """, [UUID.v7(at: .now()), secret.digest, Double(lifetime.wholeSeconds)])
    }

    /// Takes the link for a minute, so that nobody else uses it meanwhile. Nil where it is spent, expired or taken, or where an account exists.
    func claimSetupLink(_ secret: AccountSecret) async throws(AccountError) -> UUID? {
        let sql = """
            UPDATE dripline.setup_links SET claimed_at = clock_timestamp() WHERE secret = $1 AND used_at IS NULL \
            AND expires_at > clock_timestamp() AND (claimed_at IS NULL OR claimed_at < clock_timestamp() - interval '1 minute') \
            AND NOT EXISTS (SELECT FROM dripline.accounts) RETURNING link
            """
        return try await rows(sql, [secret.digest]) { try $0.decode(UUID.self) }.first
    }

    func releaseSetupLink(_ link: UUID) async throws(AccountError) {
        try await execute("UPDATE dripline.setup_links SET claimed_at = NULL WHERE link = $1 AND used_at IS NULL", [link])
    }

    /// Makes the first account and spends every link. False where somebody else was first.
    func finishSetup(clinic: String, staff: String, password: PasswordHash) async throws(AccountError) -> Bool {
        try await perform { connection in
            // One after the other ("drps"), so that there is one first account.
            try connection.execute("SELECT pg_advisory_xact_lock(1685221491)")
            guard try connection.query("SELECT FROM dripline.accounts LIMIT 1").isEmpty else { return false }
            try connection.execute(
                """
                INSERT INTO dripline.accounts (account, clinic, staff, password, password_changed_at) \
                VALUES ($1, $2, $3, $4, clock_timestamp())
                """, [UUID.v7(at: .now()), clinic, staff, password.text])
            try connection.execute("UPDATE dripline.setup_links SET used_at = clock_timestamp() WHERE used_at IS NULL")
            return true
        }
    }
}

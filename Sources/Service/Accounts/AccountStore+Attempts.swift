import Canonical
import Crypto
import Foundation
import Postgres

/// What failed attempts to sign in are counted by.
struct AttemptKey: Sendable, Hashable {
    enum Scope: String, Sendable {
        case account, address, device

        /// Failures before the first pause. An address may stand for a whole clinic.
        var allowance: Int { self == .address ? 20 : 5 }
    }

    let scope: Scope
    let digest: [UInt8]

    private init(_ scope: Scope, _ text: String) {
        self.scope = scope
        digest = Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Also where there is no such account: the answer must not tell.
    static func account(clinic: String, staff: String) -> AttemptKey { AttemptKey(.account, "\(clinic)\n\(staff)") }
    static func address(_ address: String) -> AttemptKey { AttemptKey(.address, address) }
    /// Whoever is signed in, on behalf of whoever signs before them.
    static func signing(_ signer: String, before principal: Principal) -> AttemptKey {
        AttemptKey(.device, "signing \(principal.clinic)\n\(principal.staff)\n\(signer)")
    }
    static func session(_ id: UUID) -> AttemptKey { AttemptKey(.device, "session \(id.lowercase)") }
    static func device(_ secret: AccountSecret, clinic: String, staff: String) -> AttemptKey {
        AttemptKey(.device, "\(secret.text)\n\(clinic)\n\(staff)")
    }
}

extension AccountStore {
    /// The longest pause after a failure, in seconds: nobody is locked out for good.
    static let longestPause = 900
    /// Failures are forgotten after so many seconds without another.
    static let memory = 3600

    /// Counts an attempt for each key, before it is known how it ends, so that many at once can't slip past. Afterwards `succeeded` takes it back.
    ///
    /// Past the allowance each attempt is followed by a pause that doubles from a second on.
    /// - Throws: `AccountError.tooManyAttempts`, where one of the keys has its pause; then none is counted.
    func begin(_ keys: [AttemptKey]) async throws(AccountError) {
        // In one order for everybody, so that two attempts can't wait for each other.
        let keys = keys.sorted { $0.scope.rawValue < $1.scope.rawValue }
        try await perform { connection in
            for key in keys where try connection.query(Self.count, key.parameters).isEmpty {
                let row = try connection.query(
                    """
                    SELECT ceil(extract(epoch FROM locked_until - clock_timestamp()))::integer FROM dripline.attempts \
                    WHERE scope = $1 AND key = $2
                    """, [key.scope.rawValue, key.digest]
                ).first
                throw AccountError.tooManyAttempts(retryAfter: max(1, Int(try row?.decode(Int32.self) ?? 1)))
            }
        }
    }

    /// Gives no row while the key has its pause.
    private static let count = """
        INSERT INTO dripline.attempts AS t (scope, key, failures, last_at, locked_until) \
        VALUES ($1, $2, 1, clock_timestamp(), clock_timestamp()) ON CONFLICT (scope, key) DO UPDATE SET (failures, last_at, locked_until) = ( \
            SELECT n, clock_timestamp(), CASE WHEN n < $3 THEN clock_timestamp() \
                ELSE clock_timestamp() + make_interval(secs => least($5::float8, power(2, least(n - $3, 20)))) END \
            FROM (SELECT CASE WHEN t.last_at < clock_timestamp() - make_interval(secs => $4) THEN 1 ELSE t.failures + 1 END AS n) AS next) \
        WHERE t.locked_until <= clock_timestamp() RETURNING t.failures
        """

    /// The attempt was no failure. An account's count starts anew; an address may stand for many people, of whom one succeeded.
    func succeeded(_ keys: [AttemptKey]) async throws(AccountError) {
        for key in keys {
            if key.scope == .address {
                try await execute(
                    """
                    UPDATE dripline.attempts SET failures = greatest(failures - 1, 0), locked_until = clock_timestamp() \
                    WHERE scope = $1 AND key = $2
                    """, [key.scope.rawValue, key.digest])
            } else {
                try await execute("DELETE FROM dripline.attempts WHERE scope = $1 AND key = $2", [key.scope.rawValue, key.digest])
            }
        }
    }

    /// Lifts an account's pause.
    func forgive(clinic: String, staff: String) async throws(AccountError) {
        try await succeeded([.account(clinic: clinic, staff: staff)])
    }

    func forgetOldAttempts() async throws(AccountError) {
        try await execute(
            "DELETE FROM dripline.attempts WHERE last_at < clock_timestamp() - make_interval(secs => $1) AND locked_until < clock_timestamp()",
            [Double(Self.memory)])
    }

    // MARK: Known browsers

    /// Whether this account signed in from this browser before.
    func knows(_ device: AccountSecret, clinic: String, staff: String) async throws(AccountError) -> Bool {
        let sql = """
            SELECT EXISTS (SELECT FROM dripline.devices d JOIN dripline.accounts a USING (account) \
            WHERE d.secret = $1 AND a.clinic = $2 AND a.staff = $3 AND d.expires_at > clock_timestamp())
            """
        return try await rows(sql, [device.digest, clinic, staff]) { try $0.decode(Bool.self) } == [true]
    }

    func remember(_ device: AccountSecret, of account: UUID, lifetime: Duration) async throws(AccountError) {
        let sql = """
            INSERT INTO dripline.devices (secret, account, expires_at) VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3)) \
            ON CONFLICT (secret) DO UPDATE SET expires_at = excluded.expires_at WHERE dripline.devices.account = excluded.account
            """
        try await execute("DELETE FROM dripline.devices WHERE account = $1 AND expires_at < clock_timestamp()", [account])
        try await execute(sql, [device.digest, account, Double(lifetime.wholeSeconds)])
    }

    /// A new password, or an account that is off: no browser is trusted any more.
    func forgetDevices(of account: UUID) async throws(AccountError) {
        try await execute("DELETE FROM dripline.devices WHERE account = $1", [account])
    }
}

extension AttemptKey {
    fileprivate var parameters: [(any SQLValue)?] {
        [scope.rawValue, digest, Int32(scope.allowance), Double(AccountStore.memory), Double(AccountStore.longestPause)]
    }
}

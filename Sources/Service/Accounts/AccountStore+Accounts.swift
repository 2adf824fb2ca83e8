import Canonical
import Foundation
import Postgres

/// What a sign-in needs of an account.
struct Credentials: Sendable {
    let account: UUID
    let password: PasswordHash?
    let codeSecret: [UInt8]?
    let lastStep: Int64
    let isDisabled: Bool
}

extension AccountStore {
    func accounts(clinic: String? = nil, staff: String? = nil) async throws(AccountError) -> [Account] {
        let sql = """
            SELECT \(Account.columns) FROM dripline.accounts a \
            WHERE ($1::text IS NULL OR a.clinic = $1) AND ($2::text IS NULL OR a.staff = $2) ORDER BY a.clinic, a.staff
            """
        return try await rows(sql, [clinic, staff]) { try Account($0) }
    }

    func account(clinic: String, staff: String) async throws(AccountError) -> Account {
        guard let found = try await accounts(clinic: clinic, staff: staff).first else {
            throw .unknownAccount(clinic: clinic, staff: staff)
        }
        return found
    }

    var hasAccounts: Bool {
        get async throws(AccountError) {
            try await rows("SELECT EXISTS (SELECT FROM dripline.accounts)") { try $0.decode(Bool.self) } == [true]
        }
    }

    /// Nil where there is one already.
    func create(clinic: String, staff: String, password: PasswordHash?) async throws(AccountError) -> Account? {
        let sql = """
            INSERT INTO dripline.accounts AS a (account, clinic, staff, password, password_changed_at) \
            VALUES ($1, $2, $3, $4, CASE WHEN $4::text IS NOT NULL THEN clock_timestamp() END) \
            ON CONFLICT (clinic, staff) DO NOTHING RETURNING \(Account.columns)
            """
        return try await rows(sql, [UUID.v7(at: .now()), clinic, staff, password?.text]) { try Account($0) }.first
    }

    func credentials(clinic: String, staff: String) async throws(AccountError) -> Credentials? {
        let sql = """
            SELECT account, password, totp_secret, totp_last_step, disabled_at IS NOT NULL FROM dripline.accounts \
            WHERE clinic = $1 AND staff = $2
            """
        return try await rows(sql, [clinic, staff]) { row in
            let (account, password, secret, step, isDisabled) = try row.decode(
                UUID.self, String?.self, [UInt8]?.self, Int64.self, Bool.self)
            return Credentials(
                account: account, password: password.flatMap(PasswordHash.init), codeSecret: secret, lastStep: step, isDisabled: isDisabled)
        }.first
    }

    func setPassword(_ hash: PasswordHash, of account: UUID) async throws(AccountError) {
        try await execute(
            "UPDATE dripline.accounts SET password = $2, password_changed_at = clock_timestamp() WHERE account = $1", [account, hash.text])
    }

    /// The same password at another cost; nothing where it was changed meanwhile.
    func replaceHash(_ old: PasswordHash, by new: PasswordHash, of account: UUID) async throws(AccountError) {
        try await execute(
            "UPDATE dripline.accounts SET password = $3 WHERE account = $1 AND password = $2", [account, old.text, new.text])
    }

    func setDisabled(_ isDisabled: Bool, _ account: UUID) async throws(AccountError) {
        try await execute(
            "UPDATE dripline.accounts SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, clock_timestamp()) END WHERE account = $1",
            [account, isDisabled])
    }

    // MARK: One-time codes

    /// Takes the code of a time step, once: false where it, or a later one, was taken before.
    func takeStep(_ step: Int64, of account: UUID) async throws(AccountError) -> Bool {
        try await execute(
            "UPDATE dripline.accounts SET totp_last_step = $2 WHERE account = $1 AND totp_last_step < $2", [account, step]) == 1
    }

    func setPendingCode(_ secret: [UInt8]?, of account: UUID) async throws(AccountError) {
        try await execute("UPDATE dripline.accounts SET totp_pending = $2 WHERE account = $1", [account, secret])
    }

    func pendingCode(of account: UUID) async throws(AccountError) -> [UInt8]? {
        try await rows("SELECT totp_pending FROM dripline.accounts WHERE account = $1", [account]) { try $0.decode([UInt8]?.self) }.first
            ?? nil
    }

    /// The secret that was pending is in force from now on, its first code taken. False where another one is pending meanwhile.
    func confirmCode(_ secret: [UInt8], step: Int64, of account: UUID) async throws(AccountError) -> Bool {
        let sql = """
            UPDATE dripline.accounts SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = $3 \
            WHERE account = $1 AND totp_pending = $2
            """
        return try await execute(sql, [account, secret, step]) == 1
    }

    func removeCode(of account: UUID) async throws(AccountError) {
        try await execute("UPDATE dripline.accounts SET totp_secret = NULL, totp_pending = NULL WHERE account = $1", [account])
    }
}

import Crypto
import Foundation
import Postgres
import TestSupport

/// Mints accounts and bearer tokens straight into the test's database, for anybody: also for who is not enrolled (yet).
actor TestTokens {
    private let settings: ConnectionSettings
    private var minted: [String: String] = [:]

    /// In the test's database.
    init(_ settings: ConnectionSettings = TestDatabase.current.settings) {
        self.settings = settings
    }

    /// The token of a staff handle, always the same one, with whatever roles they hold.
    func token(of staff: String, at clinic: String) async throws -> String {
        let key = "\(clinic)/\(staff)"
        if let known = minted[key] { return known }
        let token = Self.newToken()
        try await withConnection { connection in
            try await connection.execute(
                "INSERT INTO dripline.accounts (account, clinic, staff) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                [UUID(), clinic, staff])
            try await connection.execute(
                """
                INSERT INTO dripline.tokens (token, secret, account, name, roles, expires_at) SELECT $1, $2, account, 'test', \
                '{nurse,prescriber,front_desk,compliance,reporting,administrator}', clock_timestamp() + interval '1 day' \
                FROM dripline.accounts WHERE clinic = $3 AND staff = $4
                """, [UUID(), Array(SHA256.hash(data: Data(token.utf8))), clinic, staff])
        }
        minted[key] = token
        return token
    }

    private func withConnection(_ body: (Connection) async throws -> Void) async throws {
        let connection = try await Connection.connect(settings, logger: .silent)
        do {
            try await body(connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// The documented form: a prefix, 43 digits of base 62, and the first four bytes of the SHA-256 of what stands before as six more.
    static func newToken(_ prefix: String = "dripline_token_") -> String {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        let text = prefix + String((0..<43).map { _ in digits[Int.random(in: 0..<62)] })
        var number = SHA256.hash(data: Data(text.utf8)).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        var checksum: [Character] = []
        for _ in 0..<6 {
            checksum.insert(digits[number % 62], at: 0)
            number /= 62
        }
        return text + String(checksum)
    }
}

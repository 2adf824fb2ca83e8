public import Canonical
public import Foundation
import Logging
import Postgres

/// The tables of accounts, as `dripline_accounts`: statements, and no decisions.
final class AccountStore: Sendable {
    private let pool: Pool
    /// What was found of credentials; whatever goes through here and may change them empties it.
    let cache = CredentialCache()
    let watch: CredentialWatch

    static let connectionLimit = 4

    init(_ settings: ConnectionSettings, logger: Logger) {
        let settings = settings.setting(role: "dripline_accounts").setting(statementTimeoutMilliseconds: 10_000)
            // Plans are kept with their statements, perhaps from a day when the tables were empty.
            .setting(option: "enable_seqscan", to: "off")
        pool = Pool(settings: settings, limit: Self.connectionLimit, maximumWaiters: 1024, waitLimit: .seconds(10), logger: logger)
        watch = CredentialWatch(settings, cache: cache, logger: logger)
    }

    func close() async {
        await watch.close()
        await pool.close()
    }

    /// Runs `body` in a transaction of its own.
    func perform<T: Sendable>(_ body: @escaping @Sendable (isolated Connection) throws -> T) async throws(AccountError) -> T {
        defer { cache.forgetAll() }
        do {
            return try await pool.withConnection { try await $0.transaction { connection in try body(connection) } }
        } catch {
            throw Self.accountError(error)
        }
    }

    /// Runs one statement and reads each row of its result.
    func rows<T>(_ sql: String, _ parameters: [(any SQLValue)?] = [], _ read: (Row) throws -> T) async throws(AccountError) -> [T] {
        defer { cache.forgetAll() }
        return try await unchangedRows(sql, parameters, read)
    }

    /// As `rows`, for a statement that changes nothing of what credentials are good for: what is kept of them stays.
    func unchangedRows<T>(_ sql: String, _ parameters: [(any SQLValue)?], _ read: (Row) throws -> T) async throws(AccountError) -> [T] {
        do {
            return try await pool.withConnection { try await $0.query(sql, parameters) }.map(read)
        } catch {
            throw Self.accountError(error)
        }
    }

    @discardableResult
    func execute(_ sql: String, _ parameters: [(any SQLValue)?] = []) async throws(AccountError) -> Int {
        defer { cache.forgetAll() }
        do {
            return try await pool.withConnection { try await $0.execute(sql, parameters) }
        } catch {
            throw Self.accountError(error)
        }
    }

    static func accountError(_ error: any Error) -> AccountError {
        switch error {
        case let error as AccountError: error
        case let error as PostgresError: AccountError(error)
        case let error as PoolError where error == .busy: .busy
        default: .unavailable("\(error)")
        }
    }
}

/// An account, without its secrets.
public struct Account: Sendable, Hashable {
    public let id: UUID
    public let clinic: String
    public let staff: String
    public let hasPassword: Bool
    /// Whether sign-ins ask for a one-time code.
    public let usesCodes: Bool
    public let disabledAt: Timestamp?
    public let createdAt: Timestamp

    static let columns = "a.account, a.clinic, a.staff, a.password IS NOT NULL, a.totp_secret IS NOT NULL, a.disabled_at, a.created_at"

    init(_ row: Row) throws {
        let (id, clinic, staff, hasPassword, usesCodes, disabledAt, createdAt) = try row.decode(
            UUID.self, String.self, String.self, Bool.self, Bool.self, SQLTimestamp?.self, SQLTimestamp.self)
        self.id = id
        self.clinic = clinic
        self.staff = staff
        self.hasPassword = hasPassword
        self.usesCodes = usesCodes
        self.disabledAt = disabledAt.map { Timestamp(microseconds: $0.microseconds) }
        self.createdAt = Timestamp(microseconds: createdAt.microseconds)
    }
}

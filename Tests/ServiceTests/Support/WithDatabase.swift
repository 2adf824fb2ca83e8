import Logging
import Postgres
import Service
import TestSupport

/// The test's database as a process of its own would open it: two of them share nothing but the server.
@discardableResult
func withDatabase<T>(
    _ settings: ConnectionSettings = TestDatabase.current.settings.setting(user: serviceLogin), logger: Logger = .silent,
    accounts: AccountSettings = .quick, state: String? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: (Database) async throws -> T
) async throws -> T {
    // The template's privileges on its database are not copied with it.
    try await withSuperuser { try await $0.execute("GRANT CREATE ON DATABASE \(TestDatabase.current.name) TO dripline_projector") }
    let database = try await Database.open(.server(settings), state: state, accounts: accounts, logger: logger)
    do {
        let value = try await body(database)
        await database.close()
        return value
    } catch {
        await database.close()
        throw error
    }
}

/// A connection as the superuser, closed when the body is done.
@discardableResult
func withSuperuser<T>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Connection) async throws -> T
) async throws -> T {
    let connection = try await TestDatabase.current.connect()
    do {
        let value = try await body(connection)
        await connection.close()
        return value
    } catch {
        await connection.close()
        throw error
    }
}

extension AccountSettings {
    /// Passwords that cost next to nothing.
    static var quick: AccountSettings {
        var settings = AccountSettings()
        settings.passwordLogRounds = 4
        return settings
    }
}

import Logging
public import Postgres

/// The database of the test that runs, made fresh for it and dropped after it.
public struct TestDatabase: Sendable {
    @TaskLocal static var ofThisTest: TestDatabase?

    /// As the superuser; use `.setting(role:)` to act as somebody else.
    public let settings: ConnectionSettings
    public let name: String
    public let server: PostgresServer

    /// To be read in tests that carry a `.database` trait.
    public static var current: TestDatabase {
        guard let database = ofThisTest else { preconditionFailure("the test has no database: give it the trait .database") }
        return database
    }

    public func connect() async throws -> Connection {
        try await Connection.connect(settings, logger: .silent)
    }

    public func pool(limit: Int = 4, maximumWaiters: Int = 64, waitLimit: Duration = .seconds(30)) -> Pool {
        Pool(settings: settings, limit: limit, maximumWaiters: maximumWaiters, waitLimit: waitLimit, logger: .silent)
    }
}

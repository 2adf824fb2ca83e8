import Ledger
import Logging
import Postgres
import TestSupport

/// A ledger on the test's database, as the service's login, closed when the body is done.
func withLedger<T>(
    _ settings: ConnectionSettings = TestDatabase.current.settings.setting(user: "ledger_tests_login"),
    isolation: isolated (any Actor)? = #isolation, _ body: (Ledger) async throws -> T
) async throws -> T {
    let ledger = Ledger(settings, logger: .silent)
    do {
        let value = try await body(ledger)
        await ledger.close()
        return value
    } catch {
        await ledger.close()
        throw error
    }
}

/// A connection as the superuser, closed when the body is done.
func withSuperuser<T>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Connection) async throws -> T
) async throws -> T {
    try await withConnection(TestDatabase.current.settings, body)
}

func withConnection<T>(
    _ settings: ConnectionSettings, isolation: isolated (any Actor)? = #isolation, _ body: (Connection) async throws -> T
) async throws -> T {
    let connection = try await Connection.connect(settings, logger: .silent)
    do {
        let value = try await body(connection)
        await connection.close()
        return value
    } catch {
        await connection.close()
        throw error
    }
}

extension Ledger {
    /// Every event of a log, page by page.
    func allEvents(of log: LogName) async throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        while true {
            let page = try await self.events(of: log, EventQuery(after: events.last?.position ?? 0, limit: EventQuery.maximumLimit))
            events += page
            if page.count < EventQuery.maximumLimit { return events }
        }
    }
}

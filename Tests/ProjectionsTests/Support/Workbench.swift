import Canonical
import Clinic
import Ledger
import Logging
import Postgres
import TestSupport

@testable import Projections

/// A test's database with a ledger, a projector and a superuser on it.
struct Workbench {
    let ledger: Ledger
    let projector: Projector
    /// As the superuser, to look at tables and to do harm.
    let superuser: Connection

    /// A log of these clinics, from the first event on.
    static let hickory = name("hickory")
    static let alder = name("alder")
    static let juniper = name("juniper")

    private static func name(_ clinic: String) -> LogName {
        guard let log = LogName(clinic: clinic) else { preconditionFailure("no clinic's name: \(clinic)") }
        return log
    }

    /// What the projector's connections are called in `pg_stat_activity`.
    static let projectorName = "projector-under-test"

    /// - Parameter logger: the projector's.
    static func open<T>(
        logger: Logger = .silent, isolation: isolated (any Actor)? = #isolation, _ body: (Workbench) async throws -> T
    ) async throws -> T {
        let settings = TestDatabase.current.settings
        let superuser = try await Connection.connect(settings, logger: .silent)
        // The grant that a migration makes on its database is not copied with a template.
        try await superuser.execute("GRANT CREATE ON DATABASE \(TestDatabase.current.name) TO dripline_projector")
        let ledger = Ledger(settings.setting(user: "projections_tests_service"), logger: .silent)
        let bench = Workbench(ledger: ledger, projector: projector(ledger, logger: logger), superuser: superuser)
        do {
            let value = try await body(bench)
            await ledger.close()
            await superuser.close()
            return value
        } catch {
            await ledger.close()
            await superuser.close()
            throw error
        }
    }

    /// One more projector on the same database, as another process would run it.
    static func projector(_ ledger: Ledger, named name: String = projectorName, logger: Logger = .silent) -> Projector {
        let settings = TestDatabase.current.settings.setting(user: "projections_tests_projector").setting(applicationName: name)
        return Projector(settings, ledger: ledger, logger: logger)
    }

    /// Appends commands in their order, in one call for each 200.
    func append(_ commands: some Sequence<AppendCommand>, to log: LogName = hickory) async throws {
        var rest = Array(commands)[...]
        while !rest.isEmpty {
            for outcome in try await ledger.append(Array(rest.prefix(200)), to: log) {
                guard case .appended = outcome else { preconditionFailure("a command of the test was not taken: \(outcome)") }
            }
            rest = rest.dropFirst(200)
        }
    }

    /// All rows of every read model.
    func tables() async throws -> TableSnapshot { try await TableSnapshot(superuser) }

    /// The tables as one undisturbed projector makes them from nothing.
    func cleanRun() async throws -> TableSnapshot {
        try await superuser.script(
            """
            SET client_min_messages = warning;
            DROP SCHEMA projections, \(allProjections.map { $0.name }.joined(separator: ", ")) CASCADE
            """)
        try await projector.catchUp()
        return try await tables()
    }

    /// Ends a process of the server that belongs to a projector.
    /// - Parameter condition: SQL over `pg_stat_activity`.
    /// - Returns: how many were ended.
    @discardableResult
    func killProjector(where condition: String = "true", named name: String = projectorName) async throws -> Int {
        try await superuser.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = $1 AND \(condition)
            """, [name]
        ).count
    }

    /// Asks again and again until the answer is yes; the test's time limit ends it otherwise.
    func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }
}

import Postgres
import Schema
import TestSupport
import Testing

extension Trait where Self == DatabaseTrait {
    /// A database of its own for each test, with the log's schema.
    static var ledger: Self {
        DatabaseTrait(key: "ledger") { connection async throws in
            try await Schema.migrate(connection)
            try await connection.script(DatabaseTrait.withoutGuard)
            // A login as the service has it: a member of the role, and nothing else. Logins belong to the server: made once a run.
            try await connection.script("CREATE ROLE ledger_tests_login LOGIN IN ROLE dripline_service, dripline_sealer")
        }
    }
}

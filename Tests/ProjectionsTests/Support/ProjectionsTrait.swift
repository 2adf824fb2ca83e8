import Postgres
import Schema
import TestSupport
import Testing

extension Trait where Self == DatabaseTrait {
    /// A database of its own for each test, with the log's schema and no read model yet.
    static var projections: Self {
        DatabaseTrait(key: "projections") { connection in
            try await Schema.migrate(connection)
            try await connection.script(DatabaseTrait.withoutGuard)
            // Logins as the service has them: members of a role, and nothing else.
            try await connection.script(
                """
                CREATE ROLE projections_tests_service LOGIN IN ROLE dripline_service;
                CREATE ROLE projections_tests_projector LOGIN IN ROLE dripline_projector
                """)
        }
    }
}

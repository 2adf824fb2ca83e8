import Postgres
import Schema
import TestSupport
import Testing

extension Trait where Self == DatabaseTrait {
    /// A database of its own for each test, with the log's schema, and a login as the service has it.
    static var service: Self {
        DatabaseTrait(key: "service") { connection in
            try await Schema.migrate(connection)
            try await connection.script(DatabaseTrait.withoutGuard)
            // Logins belong to the server: made once a run.
            let roles = "dripline_service, dripline_projector, dripline_sealer, dripline_accounts"
            try await connection.script("CREATE ROLE \(serviceLogin) LOGIN IN ROLE \(roles)")
        }
    }
}

let serviceLogin = "service_tests_login"

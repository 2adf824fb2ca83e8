import Canonical
import Foundation
import Ledger
import Postgres
import Service
import TestSupport
import Testing

@Suite(.service) struct HealthRouteTests {
    private let clinic = TestClinic()

    @Test func aHealthyServiceIsReady() async throws {
        try await withService { [clinic] client, database in
            #expect(try await client.get("/healthz").json == ["status": "ok"])
            try await clinic.record(clinic.founding, in: database)
            // The projector may still be making its tables.
            let ready = try await client.waitUntilReady()
            #expect(ready.status == 200)
            #expect(try ready.json["status"] == "ready")
        }
    }

    /// A database of its own name, which is taken away and given back under the service.
    @Test func withoutItsDatabaseItIsAliveAndNotReady() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await client.waitUntilReady()
            let name = TestDatabase.current.name
            try await Self.asAdministrator { administrator in
                try await administrator.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
                try await administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name])
            }
            let ready = try await client.get("/readyz")
            #expect(ready.status == 503)
            #expect(try ready.json["part"] == "database")
            #expect(try await client.get("/healthz").status == 200)
            try await Self.asAdministrator { try await $0.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS true") }
            #expect(try await client.waitUntilReady().status == 200)
            #expect(try await client.get("/v1/clinics/hickory/events").status == 200)
        }
    }

    private static func asAdministrator(_ body: (Connection) async throws -> Void) async throws {
        let settings = TestDatabase.current.server.settings(database: "postgres")
        let connection = try await Connection.connect(settings, logger: .silent)
        try await body(connection)
        await connection.close()
    }
}

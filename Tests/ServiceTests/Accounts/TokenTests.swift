import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct TokenTests {
    private let clinic = TestClinic()

    @Test func aTokenActsInItsRolesUntilItIsRevoked() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let roles = clinic.request(
                "clinic", "StaffEnrolled", at: 3, ["staff": "etl", "name": "Reports", "roles": ["reporting", "compliance"]])
            try await clinic.record(roles, by: TestClinic.administrator, in: database)
            let (text, token) = try await database.accounts.newToken(
                clinic: clinic.name, staff: "etl", roles: [.reporting], name: "nightly", lifetime: .seconds(3600))
            #expect(token.lastUsedAt == nil && token.name == "nightly" && token.roles == ["reporting"])
            let bearer = ["Authorization": "Bearer \(text)"]
            let me = try await client.get("/v1/me", headers: bearer, by: nil)
            #expect(try me.json["roles"] == ["reporting"] && me.json["staff"] == "etl" && me.json["credential"] == "token")
            #expect(try await database.accounts.tokens().first?.lastUsedAt != nil)
            // What its holder may not do any more, it may not either.
            let fewer = clinic.request("clinic", "StaffEnrolled", at: 4, ["staff": "etl", "name": "Reports", "roles": ["compliance"]])
            try await clinic.record(fewer, by: TestClinic.administrator, in: database)
            #expect(try await client.get("/v1/me", headers: bearer, by: nil).json["roles"] == [])
            try await withDatabase { other async throws in #expect(try await other.accounts.revokeToken(token.id)) }
            #expect(try await client.get("/v1/me", headers: bearer, by: nil).status == 401)
            #expect(try await !database.accounts.revokeToken(token.id))
            #expect(try await database.accounts.tokens(clinic: clinic.name).first?.revokedAt != nil)
        }
    }

    @Test func aTokenExpires() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let text = try await database.accounts.newToken(
                clinic: clinic.name, staff: TestClinic.nurse, roles: [.nurse], name: "pump", lifetime: .seconds(3600)
            ).text
            try await withSuperuser { try await $0.script("UPDATE dripline.tokens SET expires_at = clock_timestamp()") }
            #expect(try await client.get("/v1/me", headers: ["Authorization": "Bearer \(text)"], by: nil).status == 401)
        }
    }

    @Test func aTokenIsMadeForWhatItsHolderMayDo() async throws {
        try await withDatabase { [clinic] database in
            try await clinic.record(clinic.founding, in: database)
            func make(_ staff: String, _ roles: Set<StaffRole>, name: String = "x", _ lifetime: Duration = .seconds(60)) async throws {
                _ = try await database.accounts.newToken(clinic: "hickory", staff: staff, roles: roles, name: name, lifetime: lifetime)
            }
            await #expect(throws: AccountError.self) { try await make("stranger", [.nurse]) }
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, [.nurse, .administrator]) }
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, []) }
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, [.nurse], .zero) }
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, [.nurse], .seconds(367 * 24 * 3600)) }
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, [.nurse], name: "two\nlines") }
            #expect(try await database.accounts.list().isEmpty)
            try await make(TestClinic.nurse, [.nurse])
            #expect(try await database.accounts.list().map(\.hasPassword) == [false])
            try await database.accounts.setDisabled(true, clinic: "hickory", staff: TestClinic.nurse)
            await #expect(throws: AccountError.self) { try await make(TestClinic.nurse, [.nurse]) }
        }
    }

    /// Whatever is no good is answered alike, with a challenge.
    @Test func nothingElseOpensTheDoor() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let good = try await client.tokens.token(of: TestClinic.nurse, at: clinic.name)
            let setup = AccountSecret(.setup).text
            let wrong = [
                "", "Bearer", "Bearer ", "Basic bjpu", "Bearer \(good)x", "Bearer \(good.dropLast())", "Bearer \(good) \(good)",
                "Bearer \(good),\(good)", "Token \(good)", good, "Bearer \(good.uppercased())", "Bearer \(TestTokens.newToken())",
                "Bearer \(setup)", "Bearer \(String(repeating: "x", count: 5000))", "Bearer n.nurse", "Bearer null", "Bearer ../../etc",
            ]
            for value in wrong {
                let answer = try await client.get("/v1/clinics/hickory/events", headers: ["Authorization": value], by: nil)
                #expect(answer.status == 401, "\(value.prefix(40))")
                #expect(try answer.problem == "not-signed-in")
                #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer realm=\"dripline\"") == true)
            }
            #expect(try await client.get("/v1/clinics/hickory/events", by: nil).status == 401)
            let actor = try await client.get("/v1/clinics/hickory/events", headers: ["Dripline-Actor": TestClinic.nurse], by: nil)
            #expect(actor.status == 401)
            #expect(try await client.get("/v1/clinics/hickory/rules", by: TestClinic.nurse).status == 200)
        }
    }

    @Test func everyPathButAFewNeedsSomebody() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let id = UUID().lowercase
            let paths = [
                "/", "/v1/me", "/v1/me/sessions", "/v1/clinics/hickory", "/v1/clinics/hickory/events", "/v1/clinics/hickory/events/live",
                "/v1/clinics/hickory/patients", "/v1/clinics/hickory/patients/\(id)/chart", "/v1/clinics/hickory/sessions",
                "/v1/clinics/hickory/sessions/\(id)", "/v1/clinics/hickory/compliance", "/v1/clinics/hickory/log/record/checkpoint",
                "/v1/clinics/hickory/log/access/tile/0/000", "/nothing", "/v1/signin/", "/v1/signin/../me",
            ]
            for path in paths {
                let status = try await client.get(path, by: nil).status
                #expect(status == 401, "\(path): \(status)")
            }
            for path in ["/healthz"] { #expect(try await client.get(path, by: nil).status == 200) }
        }
    }

    @Test func anotherClinicAnswersAlikeWhetherItExists() async throws {
        try await withService { [clinic] client, database async throws in
            let other = TestClinic("willow")
            try await clinic.record(clinic.founding, in: database)
            try await other.record(other.founding, in: database)
            var answers: Set<String> = []
            for name in ["willow", "nowhere", "UPPER", "Nowhere!"] {
                for path in ["events", "patients", "log/record/checkpoint", "patients/\(UUID().lowercase)/chart"] {
                    let answer = try await client.get("/v1/clinics/\(name)/\(path)")
                    #expect(answer.status == 404)
                    answers.insert(String(decoding: answer.body, as: UTF8.self))
                }
                #expect(try await client.post("/v1/clinics/\(name)/events", other.registration(), by: TestClinic.desk).status == 404)
            }
            #expect(answers.count == 1)
            #expect(try await other.events(of: database).count == other.founding.count)
        }
    }
}

import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct SignInTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"

    @Test func aBrowserSignsInWorksAndSignsOut() async throws {
        try await withService { [clinic, root] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            let browser = Browser(client)
            #expect(try await browser.send("GET", "/v1/me").status == 401)
            let answer = try await browser.signIn(TestClinic.nurse, TestClinic.password)
            #expect(answer.status == 200 && answer.headers["cache-control"] == "no-store")
            #expect(try answer.json["roles"] == ["nurse"] && answer.json["name"] == "Name of nurse" && answer.json["token"] == nil)
            let cookie = try #require(answer.cookies.first { $0.name == "dripline" })
            #expect(Set(cookie.attributes) == ["Path=/", "HttpOnly", "SameSite=Strict"])
            let me = try await browser.send("GET", "/v1/me")
            #expect(try me.json["staff"]?.text == TestClinic.nurse && me.json["credential"] == "session")

            // What is charted is charted under the one who signed in.
            let count = clinic.request("vial/\(clinic.vial.lowercase)", "VialCounted", at: 20, ["on_hand_mg": 1000])
            #expect(try await browser.send("POST", "\(root)/events", count).status == 201)
            #expect(try await clinic.events(of: database).last?.actor == TestClinic.nurse)

            let stolen = browser.cookies
            let out = try await browser.send("POST", "/v1/signout")
            #expect(out.status == 204 && browser.cookies["dripline"] == nil)
            let thief = Browser(client)
            thief.cookies = stolen
            #expect(try await thief.send("GET", "/v1/me").status == 401)
            #expect(try await clinic.accessLog(database) == ["SignedIn n.nurse (password)", "SignedOut n.nurse (request)"])
        }
    }

    @Test func aProgramGetsATokenInstead() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            let browser = Browser(client)
            let answer = try await browser.signIn(TestClinic.nurse, TestClinic.password, more: ["respond": "token"])
            #expect(answer.cookies.isEmpty)
            let token = try #require(try answer.json["token"]?.text)
            let headers = ["Authorization": "Bearer \(token)"]
            #expect(try await client.get("/v1/me", headers: headers, by: nil).status == 200)
            #expect(try await client.get("/v1/me", headers: ["Authorization": "bEARER \(token)"], by: nil).status == 200)
            #expect(try await client.send("POST", "/v1/signout", headers: headers, by: nil).status == 204)
            #expect(try await client.get("/v1/me", headers: headers, by: nil).status == 401)
        }
    }

    @Test func everyFailureLooksTheSame() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let accounts = database.accounts
            for staff in [TestClinic.nurse, TestClinic.desk] {
                _ = try await accounts.add(clinic: clinic.name, staff: staff, password: TestClinic.password)
            }
            _ = try await accounts.add(clinic: clinic.name, staff: TestClinic.prescriber, password: nil)
            try await accounts.setDisabled(true, clinic: clinic.name, staff: TestClinic.desk)
            let attempts: [(String, String, String)] = [
                ("hickory", TestClinic.nurse, "wrong wrong wrong"), ("hickory", TestClinic.nurse, ""), ("hickory", "nobody.here", "x"),
                ("hickory", TestClinic.prescriber, TestClinic.password), ("hickory", TestClinic.desk, TestClinic.password),
                ("elsewhere", TestClinic.nurse, TestClinic.password), ("Not A Clinic", TestClinic.nurse, "x"),
                ("hickory", "hunter2 !", "x"),
            ]
            var answers: Set<String> = []
            for (clinic, staff, password) in attempts {
                let answer = try await Browser(client).signIn(staff, password, clinic: clinic)
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer realm=\"dripline\"")
                #expect(try answer.problem == "sign-in-failed")
                #expect(answer.cookies.isEmpty)
                answers.insert(String(decoding: answer.body, as: UTF8.self))
            }
            #expect(answers.count == 1)
            // What nobody is called is not written down: it may be a password.
            #expect(
                try await clinic.accessLog(database) == [
                    "SignInFailed n.nurse (wrong password)", "SignInFailed n.nurse (wrong password)", "SignInFailed unknown (not enrolled)",
                    "SignInFailed d.doctor (no password)", "SignInFailed f.desk (account off)", "SignInFailed unknown (not enrolled)",
                ])
        }
    }

    @Test func withoutTheAccessLogNobodyComesIn() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            try await withSuperuser { try await $0.script("REVOKE EXECUTE ON FUNCTION dripline.append FROM dripline_service") }
            let browser = Browser(client)
            for password in [TestClinic.password, "wrong wrong wrong"] {
                let answer = try await browser.signIn(TestClinic.nurse, password)
                #expect(answer.status >= 500 && answer.cookies.isEmpty)
            }
            #expect(try await database.accounts.sessions(clinic: clinic.name, staff: TestClinic.nurse).isEmpty)
            try await withSuperuser { try await $0.script("GRANT EXECUTE ON FUNCTION dripline.append TO dripline_service") }
            #expect(try await browser.signIn(TestClinic.nurse, TestClinic.password).status == 200)
        }
    }

    @Test func codesAreAskedForAndTakenOnce() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            let browser = Browser(client)
            _ = try await browser.signIn(TestClinic.nurse, TestClinic.password)
            #expect(try await browser.send("POST", "/v1/me/totp", ["password": "wrong wrong wrong"]).status == 401)
            let begun = try await browser.send("POST", "/v1/me/totp", ["password": .string(TestClinic.password)])
            let uri = try #require(try begun.json["otpauth"]?.text)
            let secret = try #require(try await database.accounts.store.pendingCode(of: database.accounts.list()[0].id))
            #expect(uri.contains(Base32.encode(secret)))
            // Until it is confirmed, sign-ins don't ask.
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 200)
            func code(_ ahead: Int64 = 0) -> String {
                OneTimeCode.code(secret, step: OneTimeCode.step(at: Timestamp.now().microseconds / 1_000_000) + ahead)
            }
            #expect(try await browser.send("POST", "/v1/me/totp/confirm", ["totp": "000000"]).status == 422)
            #expect(try await browser.send("POST", "/v1/me/totp/confirm", ["totp": .string(code())]).status == 204)

            let other = Browser(client)
            #expect(try await other.signIn(TestClinic.nurse, TestClinic.password).status == 401)
            #expect(try await other.signIn(TestClinic.nurse, TestClinic.password, more: ["totp": "000000"]).status == 401)
            let good: [String: JSON] = ["totp": .string(code(1))]
            #expect(try await other.signIn(TestClinic.nurse, TestClinic.password, more: good).status == 200)
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password, more: good).status == 401)
            try await database.accounts.removeCodes(clinic: clinic.name, staff: TestClinic.nurse)
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 200)
        }
    }

    @Test func manyMaySignInAtOnce() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            _ = try await Browser(client).signIn(TestClinic.nurse, TestClinic.password)
            let answers = try await withThrowingTaskGroup(of: [String: String].self) { group in
                for _ in 0..<4 {
                    group.addTask { () async throws in
                        let browser = Browser(client)
                        #expect(try await browser.signIn(TestClinic.nurse, TestClinic.password).status == 200)
                        return browser.cookies
                    }
                }
                return try await group.reduce(into: [[String: String]]()) { $0.append($1) }
            }
            #expect(Set(answers.map { $0["dripline"] }).count == 4)
            #expect(try await database.accounts.sessions(clinic: clinic.name, staff: TestClinic.nurse).count == 5)
        }
    }

    @Test func aStrongerCostIsTakenOverAtTheNextSignIn() async throws {
        var stronger = AccountSettings.quick
        stronger.passwordLogRounds = 5
        try await withService(accounts: stronger) { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            try await withDatabase { old in
                _ = try await old.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            }
            func cost() async throws -> Int? {
                try await database.accounts.store.credentials(clinic: clinic.name, staff: TestClinic.nurse)?.password?.cost.logRounds
            }
            #expect(try await cost() == 4)
            for _ in 0..<2 { #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 200) }
            #expect(try await cost() == 5)
        }
    }
}

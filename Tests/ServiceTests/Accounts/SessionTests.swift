import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct SessionTests {
    private let clinic = TestClinic()

    /// A clinic whose nurse has signed in.
    private func signedIn(
        options: HTTPOptions = HTTPOptions(), _ body: @Sendable @escaping (HTTPClient, Database, Browser) async throws -> Void
    ) async throws {
        try await withService(options: options) { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            let browser = Browser(client)
            #expect(try await browser.signIn(TestClinic.nurse, TestClinic.password).status == 200)
            try await body(client, database, browser)
        }
    }

    /// Somebody plants a session of theirs in another's browser and waits for them to sign in.
    @Test func aSessionCannotBeFixed() async throws {
        try await signedIn { client, database, attacker async throws in
            let victim = Browser(client)
            victim.cookies = attacker.cookies
            #expect(try await victim.signIn(TestClinic.nurse, TestClinic.password).status == 200)
            #expect(victim.cookies["dripline"] != attacker.cookies["dripline"])
            #expect(try await attacker.send("GET", "/v1/me").status == 401)
            #expect(try await victim.send("GET", "/v1/me").status == 200)
            let invented = Browser(client)
            invented.cookies = ["dripline": TestTokens.newToken("dripline_session_")]
            #expect(try await invented.send("GET", "/v1/me").status == 401)
        }
    }

    @Test func theDatabaseDoesNotHoldWhatOpensIt() async throws {
        try await signedIn { _, _, browser async throws in
            let cookie = try #require(browser.cookies["dripline"])
            try await withSuperuser { connection in
                for table in ["accounts", "sessions", "devices", "attempts", "tokens"] {
                    for row in try await connection.query("SELECT t::text FROM dripline.\(table) t") {
                        let text = try row.decode(String.self)
                        #expect(!text.contains(cookie) && !text.contains(TestClinic.password) && !text.contains("dripline_"))
                    }
                }
            }
        }
    }

    @Test(arguments: ["last_used_at = last_used_at - interval '31 minutes'", "expires_at = clock_timestamp()"])
    func aSessionExpires(_ change: String) async throws {
        try await signedIn { [clinic] _, database, browser async throws in
            try await withSuperuser { try await $0.script("UPDATE dripline.sessions SET \(change)") }
            #expect(try await browser.send("GET", "/v1/me").status == 401)
            await SessionSweeper(database.accounts).sweep()
            #expect(try await clinic.accessLog(database).last == "SignedOut n.nurse (expired)")
            // Swept again, nothing is recorded twice.
            await SessionSweeper(database.accounts).sweep()
            #expect(try await clinic.accessLog(database).count == 2)
        }
    }

    @Test func useKeepsASessionAlive() async throws {
        try await signedIn { _, _, browser async throws in
            for _ in 0..<3 {
                try await withSuperuser {
                    try await $0.script("UPDATE dripline.sessions SET last_used_at = last_used_at - interval '20 minutes'")
                }
                #expect(try await browser.send("GET", "/v1/me").status == 200)
            }
        }
    }

    @Test func whoIsDisabledIsOutInTheMiddle() async throws {
        try await signedIn { [clinic] client, database, browser async throws in
            let token = try await database.accounts.newToken(
                clinic: clinic.name, staff: TestClinic.nurse, roles: [.nurse], name: "pump", lifetime: .seconds(3600)
            ).text
            let bearer = ["Authorization": "Bearer \(token)"]
            #expect(try await client.get("/v1/me", headers: bearer, by: nil).status == 200)
            // As the command does, in a process of its own.
            try await withDatabase { try await $0.accounts.setDisabled(true, clinic: clinic.name, staff: TestClinic.nurse) }
            #expect(try await browser.send("GET", "/v1/me").status == 401)
            #expect(try await client.get("/v1/me", headers: bearer, by: nil).status == 401)
            #expect(try await clinic.accessLog(database).last == "SignedOut n.nurse (revoked)")
            try await database.accounts.setDisabled(false, clinic: clinic.name, staff: TestClinic.nurse)
            #expect(try await browser.send("GET", "/v1/me").status == 401)
            #expect(try await client.get("/v1/me", headers: bearer, by: nil).status == 200)
        }
    }

    @Test func whoIsRevokedInTheRecordIsOutAtOnce() async throws {
        try await signedIn { [clinic] client, database, browser async throws in
            let path = "/v1/clinics/hickory/rules"
            #expect(try await browser.send("GET", path).status == 200)
            let more = clinic.request(
                "clinic", "StaffEnrolled", at: 30, ["staff": "n.nurse", "name": "Name of nurse", "roles": ["nurse", "front_desk"]])
            try await clinic.record(more, by: TestClinic.administrator, in: database)
            #expect(try await browser.send("GET", "/v1/me").json["roles"] == ["front_desk", "nurse"])
            // By another process, as an import does it.
            let revocation = clinic.request("clinic", "StaffRevoked", at: 31, ["staff": "n.nurse", "reason": "left"])
            try await withDatabase { try await clinic.record(revocation, by: TestClinic.administrator, in: $0) }
            #expect(try await browser.send("GET", path).status == 401)
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 401)
        }
    }

    @Test func aNewPasswordEndsAllSessionsButOnesOwn() async throws {
        try await signedIn { [clinic] client, database, browser async throws in
            let other = Browser(client)
            _ = try await other.signIn(TestClinic.nurse, TestClinic.password)
            let before = browser.cookies
            func change(_ old: String, _ new: String) async throws -> HTTPClient.Answer {
                try await browser.send("PUT", "/v1/me/password", ["password": .string(old), "new_password": .string(new)])
            }
            #expect(try await change("wrong wrong wrong", "a cheese and a pear").status == 401)
            let weak = try await change(TestClinic.password, "hickory1")
            #expect(weak.status == 422)
            #expect(try weak.problem == "weak-password")
            #expect(try await change(TestClinic.password, "a cheese and a pear").status == 200)
            #expect(try await browser.send("GET", "/v1/me").status == 200)
            #expect(try await other.send("GET", "/v1/me").status == 401)
            // Who had stolen the cookie is out, too.
            let thief = Browser(client)
            thief.cookies = before
            #expect(try await thief.send("GET", "/v1/me").status == 401)
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 401)
            #expect(try await Browser(client).signIn(TestClinic.nurse, "a cheese and a pear").status == 200)
            #expect(try await clinic.accessLog(database).contains("SignInFailed n.nurse (wrong password)"))
        }
    }

    @Test func sessionsAreListedAndEnded() async throws {
        try await signedIn { client, database, browser async throws in
            let other = Browser(client)
            _ = try await other.signIn(TestClinic.nurse, TestClinic.password)
            let listed = try await browser.send("GET", "/v1/me/sessions").json["sessions"]?.asArray ?? []
            #expect(listed.count == 2 && listed.allSatisfy { $0["address"] == "127.0.0.1" && $0["method"] == "password" })
            let id = try #require(listed.last?["session"]?.text)
            #expect(try await browser.send("DELETE", "/v1/me/sessions/\(UUID().lowercase)").status == 404)
            #expect(try await browser.send("DELETE", "/v1/me/sessions/\(id)").status == 204)
            #expect(try await other.send("GET", "/v1/me").status == 401)
            #expect(try await browser.send("GET", "/v1/me").status == 200)
        }
    }

    /// Cookies go with whatever another site makes the browser send; those requests are refused.
    @Test func otherSitesCannotUseTheSession() async throws {
        try await signedIn { [clinic] client, database, browser async throws in
            let count = clinic.request("vial/\(clinic.vial.lowercase)", "VialCounted", at: 20, ["on_hand_mg": 1000])
            let path = "/v1/clinics/hickory/events"
            let before = try await clinic.events(of: database).count
            for headers in [
                ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "same-origin, cross-site"],
                ["Sec-Fetch-Site": "", "Origin": "http://127.0.0.1"],
                ["Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:\(client.port)"],
            ] {
                let answer = try await browser.send("POST", path, count, headers: headers)
                #expect(answer.status == 403)
                #expect(try answer.problem == "cross-site")
            }
            let session = try #require(browser.cookies["dripline"])
            let cookies = ["Cookie": "dripline=\(session)", "Content-Type": "application/json"]
            let body = Data(count.canonical.utf8)
            func post(_ origin: String?) async throws -> Int {
                var headers = cookies
                if let origin { headers["Origin"] = origin }
                return try await client.send("POST", path, headers: headers, body: body, by: nil).status
            }
            for origin in ["null", "https://evil.example", "http://127.0.0.1:1", "http://127.0.0.1:\(client.port).evil.example"] {
                #expect(try await post(origin) == 403)
            }
            #expect(try await post(nil) == 403)
            #expect(try await clinic.events(of: database).count == before)
            #expect(try await post("http://127.0.0.1:\(client.port)") == 201)
            // Nor does another site sign anybody in.
            #expect(try await Browser(client, site: "cross-site").signIn(TestClinic.nurse, TestClinic.password).status == 403)
        }
    }

    @Test func byTLSCookiesAreBoundToTheHost() async throws {
        var options = HTTPOptions()
        options.trustedProxies = AddressRange.loopback
        try await signedIn(options: options) { client, _, plain async throws in
            let browser = Browser(client, headers: ["X-Forwarded-Proto": "https"])
            let answer = try await browser.signIn(TestClinic.nurse, TestClinic.password)
            let cookie = try #require(answer.cookies.first { $0.name == "__Host-dripline" })
            #expect(Set(cookie.attributes) == ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"])
            #expect(try await browser.send("GET", "/v1/me").status == 200)
            // Neither kind opens the other's door.
            browser.cookies = ["dripline": cookie.value]
            #expect(try await browser.send("GET", "/v1/me").status == 401)
            plain.cookies = ["__Host-dripline": cookie.value]
            #expect(try await plain.send("GET", "/v1/me").status == 401)
        }
    }
}

import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct SetupTests {
    private let clinic = TestClinic()

    private func body(_ token: String, _ more: [String: JSON] = [:]) -> JSON {
        var members: [String: JSON] = [
            "token": .string(token), "clinic": "hickory", "staff": "o.admin", "name": "Odile Admin",
            "password": .string(TestClinic.password),
        ]
        members.merge(more) { $1 }
        return .object(members)
    }

    @Test func theFirstAdministratorFoundsANewClinic() async throws {
        try await withService { [clinic] client, database async throws in
            let link = try #require(try await database.accounts.newSetupLink())
            let browser = Browser(client)
            for (more, slug) in [
                (["password": "short"], "weak-password"), (["clinic": "Not A Clinic"], "invalid-name"),
                (["staff": "no handle"], "invalid-request"),
            ] as [([String: JSON], String)] {
                let answer = try await browser.send("POST", "/v1/setup", body(link, more))
                #expect(answer.status == 422)
                #expect(try answer.problem == slug)
            }
            #expect(try await browser.send("POST", "/v1/setup", body(link)).status == 201)
            #expect(try await browser.signIn("o.admin", TestClinic.password).status == 200)
            #expect(try await browser.send("GET", "/v1/me").json["roles"] == ["administrator"])
            let events = try await clinic.events(of: database)
            #expect(events.map(\.type) == ["StaffEnrolled"] && events.map(\.actor) == ["o.admin"])

            // It is good once, and no other one is made.
            let again = try await browser.send("POST", "/v1/setup", body(link, ["clinic": "willow"]))
            #expect(again.status == 403)
            #expect(try again.problem == "setup-link")
            #expect(try await database.accounts.newSetupLink() == nil)
        }
    }

    @Test func anExistingClinicIsGivenToOneOfItsAdministrators() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let size = try await clinic.events(of: database).count
            let link = try #require(try await database.accounts.newSetupLink())
            let browser = Browser(client)
            for staff in [TestClinic.nurse, "stranger"] {
                #expect(try await browser.send("POST", "/v1/setup", body(link, ["staff": .string(staff)])).status == 422)
            }
            #expect(try await database.accounts.list().isEmpty)
            #expect(try await browser.send("POST", "/v1/setup", body(link)).status == 201)
            #expect(try await clinic.events(of: database).count == size)
            #expect(try await browser.signIn(TestClinic.administrator, TestClinic.password).status == 200)
        }
    }

    @Test func linksAreRefusedOnceTheyAreNoGood() async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            let browser = Browser(client)
            func status(_ link: String) async throws -> Int { try await browser.send("POST", "/v1/setup", body(link)).status }
            let first = try #require(try await database.accounts.newSetupLink())
            let second = try #require(try await database.accounts.newSetupLink())
            #expect(try await status(AccountSecret(.setup).text) == 403)
            #expect(try await status(AccountSecret(.token).text) == 403)
            #expect(try await status("anything") == 403)
            try await withSuperuser { try await $0.script("UPDATE dripline.setup_links SET expires_at = clock_timestamp()") }
            #expect(try await status(first) == 403)
            let third = try #require(try await database.accounts.newSetupLink())
            #expect(try await status(third) == 201)
            #expect(try await status(second) == 403)
        }
    }

    @Test func ofManyAtOnceOneIsFirst() async throws {
        try await withService { client, database async throws in
            let links = [try await database.accounts.newSetupLink(), try await database.accounts.newSetupLink()].compactMap(\.self)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let request = body(links[number % 2], ["clinic": .string("clinic-\(number)")])
                    group.addTask { try await Browser(client).send("POST", "/v1/setup", request).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 1 && statuses.count { $0 == 403 } == 7, "\(statuses)")
            #expect(try await database.accounts.list().count == 1)
        }
    }

    @Test func thePageDoesItWithoutScripts() async throws {
        try await withService { [clinic] client, database async throws in
            let link = try #require(try await database.accounts.newSetupLink())
            #expect(try await client.get("/setup", by: nil).status == 404)
            #expect(try await client.get("/setup?token=%22%3E%3Cscript%3E", by: nil).status == 404)
            let page = try await client.get("/setup?token=\(link)", by: nil)
            let html = String(decoding: page.body, as: UTF8.self)
            #expect(page.status == 200 && html.contains("value=\"\(link)\"") && !html.contains("<script"))
            #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(page.headers["referrer-policy"] == "no-referrer" && page.headers["cache-control"] == "no-store")

            func submit(_ fields: String, site: String = "same-origin") async throws -> HTTPClient.Answer {
                try await client.send(
                    "POST", "/setup", headers: ["Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": site],
                    body: Data("token=\(link)&clinic=hickory&staff=o.admin&\(fields)".utf8), by: nil)
            }
            let weak = try await submit("name=%3Cb%3EOdile&password=short")
            #expect(weak.status == 422 && String(decoding: weak.body, as: UTF8.self).contains("at least 12"))
            #expect(try await submit("name=x&password=plum+tart+with+cream", site: "cross-site").status == 403)
            let done = try await submit("name=Odile+Admin&password=plum+tart+with+cr%65am")
            #expect(done.status == 200)
            #expect(try await Browser(client).signIn("o.admin", TestClinic.password).json["name"] == "Odile Admin")
            #expect(try await clinic.events(of: database).count == 1)
        }
    }
}

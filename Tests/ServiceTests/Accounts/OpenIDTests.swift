import Canonical
import Clinic
import Crypto
import Foundation
import Ledger
import Logging
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct OpenIDTests {
    private let clinic = TestClinic()

    /// A clinic with a provider whose keys are in a file.
    private func withProvider(
        _ forger: Forger, keys: Data? = nil, change: (inout OpenIDProvider) -> Void = { _ in },
        _ body: @Sendable @escaping (HTTPClient, Database, String) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/jwks.json"
            try (keys ?? Forger.set(forger.jwk("one"), Forger().jwk("two"))).write(to: URL(filePath: path))
            var provider = OpenIDProvider(issuer: Forger.issuer, audience: Forger.audience, keys: .file(path))
            change(&provider)
            var settings = AccountSettings.quick
            settings.openID = ["hickory": provider]
            try await withService(accounts: settings) { [clinic] client, database in
                try await clinic.record(clinic.founding, in: database)
                try await body(client, database, path)
            }
        }
    }

    private static func bearer(_ token: String) -> [String: String] { ["Authorization": "Bearer \(token)"] }

    @Test func aGoodTokenIsASignInOnce() async throws {
        let forger = Forger()
        try await withProvider(forger) { [clinic] client, database, _ async throws in
            let token = try forger.token(claims: forger.claims(["auth_time": .number(JSONNumber(forger.now - 60))]))
            for _ in 0..<3 {
                let me = try await client.get("/v1/me", headers: Self.bearer(token), by: nil)
                #expect(me.status == 200)
                #expect(try me.json["staff"] == "n.nurse" && me.json["roles"] == ["nurse"] && me.json["credential"] == "oidc")
            }
            #expect(try await client.get("/v1/clinics/hickory/rules", headers: Self.bearer(token), by: nil).status == 200)
            #expect(try await client.get("/v1/clinics/willow/rules", headers: Self.bearer(token), by: nil).status == 404)
            // Another process sees the same token: still one sign-in.
            try await withDatabase { other in
                try await other.accounts.events.signedIn(
                    byToken: Array(SHA256.hash(data: Data(token.utf8))), issuedAt: Timestamp(microseconds: (forger.now - 5) * 1_000_000),
                    clinic: clinic.name, staff: TestClinic.nurse)
            }
            // Beside the refusal at the other clinic.
            #expect(try await clinic.accessLog(database).filter { $0.hasPrefix("Signed") } == ["SignedIn n.nurse (oidc)"])
            // Off is off, whatever the provider says.
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: nil)
            try await database.accounts.setDisabled(true, clinic: clinic.name, staff: TestClinic.nurse)
            #expect(try await client.get("/v1/me", headers: Self.bearer(token), by: nil).status == 401)
        }
    }

    @Test func whatMayVaryMay() async throws {
        let forger = Forger()
        try await withProvider(forger) { client, _, _ async throws in
            let good = [
                try forger.token(header: forger.header(["typ": nil])), try forger.token(header: forger.header(["typ": "at+jwt"])),
                try forger.token(header: forger.header(["typ": "application/JWT"])),
                try forger.token(claims: forger.claims(["aud": ["dripline"]])),
                try forger.token(claims: forger.claims(["aud": ["another", "dripline"], "azp": "dripline"])),
                try forger.token(claims: forger.claims(["nbf": nil])),
                try forger.token(
                    claims: forger.claims(["exp": .number(JSONNumber(forger.now - 1)), "nbf": .number(JSONNumber(forger.now + 20))])),
            ]
            for token in good { #expect(try await client.get("/v1/me", headers: Self.bearer(token), by: nil).status == 200) }
        }
    }

    @Test func noForgeryOpensTheDoor() async throws {
        let forger = Forger()
        try await withProvider(forger) { [clinic] client, database, _ async throws in
            let forgeries = try forger.forgeries()
            #expect(forgeries.count >= 25)
            for (name, token) in forgeries {
                let answer = try await client.get("/v1/clinics/hickory/patients", headers: Self.bearer(token), by: nil)
                // What is too long for a header doesn't get as far as the token.
                #expect(answer.status == 401 || (name == "huge" && answer.status == 431), "\(name): \(answer.status)")
            }
            #expect(try await client.get("/v1/me", headers: Self.bearer(try forger.token()), by: nil).status == 200)
            #expect(try await clinic.accessLog(database).count == 1)
        }
    }

    @Test func anIDTokenOpensASession() async throws {
        let forger = Forger()
        try await withProvider(forger) { [clinic] client, database, _ async throws in
            let browser = Browser(client)
            func signIn(_ token: String, _ clinic: String = "hickory") async throws -> HTTPClient.Answer {
                try await browser.send("POST", "/v1/signin", ["clinic": .string(clinic), "id_token": .string(token)])
            }
            let refused = try await signIn(try Forger().token())
            #expect(refused.status == 401)
            #expect(try refused.problem == "sign-in-failed")
            #expect(try await signIn(try forger.token(), "willow").status == 401)
            let both: JSON = ["clinic": "hickory", "id_token": .string(try forger.token()), "staff": "n.nurse", "password": "x"]
            #expect(try await browser.send("POST", "/v1/signin", both).status == 422)
            #expect(try await browser.send("POST", "/v1/signin", ["clinic": "hickory"]).status == 422)
            #expect(try await signIn(try forger.token()).status == 200)
            #expect(try await browser.send("GET", "/v1/me").json["credential"] == "session")
            #expect(try await clinic.accessLog(database) == ["SignInFailed unknown (token not good)", "SignedIn n.nurse (oidc)"])
        }
    }

    @Test func aKeySetIsReadWithCare() async throws {
        let forger = Forger()
        func names(_ keys: JSON...) async -> [String] {
            let set = await OpenIDKeySet(Data(JSON.object(["keys": .array(keys)]).canonical.utf8))
            return set?.keys.keys.sorted() ?? []
        }
        #expect(await names(forger.jwk("one"), Forger().jwk("two")) == ["one", "two"])
        // Two of one name, shared secrets, keys for encryption, an algorithm that isn't the key's, short RSA keys.
        #expect(await names(forger.jwk("one"), Forger().jwk("one"), forger.jwk("two")) == ["two"])
        #expect(await names(["kty": "oct", "kid": "s", "k": "AAAA", "alg": "HS256"], forger.jwk("one")) == ["one"])
        #expect(await names(forger.jwk("one", more: ["use": "enc"])) == [])
        #expect(await names(forger.jwk("one", more: ["key_ops": ["sign"]])) == [])
        #expect(await names(forger.jwk("one", more: ["alg": "RS256"])) == [])
        #expect(await names(forger.jwk("one", more: ["x": "AAAA"])) == [])
        let short = Forger.encode([UInt8](repeating: 0xFF, count: 128))
        #expect(await names(["kty": "RSA", "kid": "r", "n": .string(short), "e": "AQAB"]) == [])
        #expect(await OpenIDKeySet(Data("{".utf8)) == nil)
        #expect(await OpenIDKeySet(Data(#"{"keys":[]}"#.utf8)) == nil)
        #expect(await OpenIDKeySet(Data(repeating: 0x20, count: OpenIDKeySet.maximumBytes + 1)) == nil)
    }

    @Test func keysRotateAndOutliveAnOutage() async throws {
        try await TemporaryDirectory.with { directory in
            let file = URL(filePath: directory + "/jwks.json")
            let source = OpenIDKeySource(.file(file.path), pause: .zero, age: .zero, logger: .silent)
            let (old, new) = (Forger(), Forger())
            // Never got: nobody can tell whether a token is good.
            await #expect(throws: AccountError.self) { _ = try await source.key("old") }
            try Forger.set(old.jwk("old")).write(to: file)
            #expect(try await source.key("old") != nil)
            #expect(try await source.key("new") == nil)
            try Forger.set(old.jwk("old"), new.jwk("new")).write(to: file)
            #expect(try await source.key("new") != nil)
            for outage in [Data("<html>502</html>".utf8), Data(), Data(#"{"keys":[]}"#.utf8)] {
                try outage.write(to: file)
                let (first, second) = (try await source.key("old"), try await source.key("new"))
                #expect(first != nil && second != nil)
            }
            try FileManager.default.removeItem(at: file)
            #expect(try await source.key("new") != nil)
            // Back, and the old key withdrawn.
            try Forger.set(new.jwk("new")).write(to: file)
            #expect(try await source.key("old") == nil)
        }
    }

    @Test func inventedNamesDoNotMakeUsAskAgain() async throws {
        try await TemporaryDirectory.with { directory in
            let file = URL(filePath: directory + "/jwks.json")
            let forger = Forger()
            try Forger.set(forger.jwk("one")).write(to: file)
            let source = OpenIDKeySource(.file(file.path), logger: .silent)
            #expect(try await source.key("one") != nil)
            try Forger.set(forger.jwk("one"), Forger().jwk("two")).write(to: file)
            // Within the minute nothing is got again, whatever is asked for.
            for name in ["two", "three", "../four"] { #expect(try await source.key(name) == nil) }
        }
    }

    @Test func providersAreReadFromJSON() throws {
        let json: JSON = [
            "hickory": ["issuer": "https://a.example", "audience": "x", "jwks_url": "https://a.example/jwks", "algorithms": ["RS256"]],
            "willow": ["issuer": "https://b.example", "audience": "y", "jwks_file": "/etc/jwks.json", "staff_claim": "handle"],
        ]
        let providers = try OpenIDProvider.clinics(json)
        #expect(providers["hickory"]?.algorithms == ["RS256"] && providers["hickory"]?.staffClaim == "preferred_username")
        #expect(providers["willow"]?.keys == .file("/etc/jwks.json") && providers["willow"]?.staffClaim == "handle")
        for (member, value, pointer) in [
            ("jwks_url", "http://a.example/jwks", "/hickory/jwks_url"), ("jwks_url", "file:///etc/passwd", "/hickory/jwks_url"),
            ("algorithms", ["HS256"], "/hickory/algorithms"), ("algorithms", ["none"], "/hickory/algorithms"),
            ("algorithms", [], "/hickory/algorithms"), ("jwks_file", "x", "/hickory"), ("secret", "x", "/hickory/secret"),
        ] as [(String, JSON, String)] {
            guard case .object(var members) = try #require(json["hickory"]) else { continue }
            members[member] = value
            let error = #expect(throws: ValidationError.self) { try OpenIDProvider.clinics(["hickory": .object(members)]) }
            #expect(error?.problems.map(\.pointer) == [pointer])
        }
    }
}

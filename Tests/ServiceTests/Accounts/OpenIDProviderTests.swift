import Canonical
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

/// Against a provider that isn't ours: PyPI's `oidc-provider-mock`, built on Authlib, with its code flow, its RS256 tokens and its key set by URL.
@Suite(.service, .timeLimit(.minutes(10))) struct OpenIDProviderTests {
    private let clinic = TestClinic()

    @Test func staffSignInByTheirProvider() async throws {
        try await PythonProvider.with { provider in
            var settings = AccountSettings.quick
            settings.openID = [
                "hickory": OpenIDProvider(
                    issuer: provider.base, audience: "dripline", keys: .url(provider.base + "/jwks"), staffClaim: "sub")
            ]
            try await withService(accounts: settings) { [clinic] client, database async throws in
                try await clinic.record(clinic.founding, in: database)
                let nurse = try await provider.token(TestClinic.nurse)
                let headers = ["Authorization": "Bearer \(nurse)"]
                let me = try await client.get("/v1/me", headers: headers, by: nil)
                #expect(try me.json["staff"] == "n.nurse" && me.json["credential"] == "oidc")
                let stranger = try await provider.token("stranger")
                #expect(try await client.get("/v1/me", headers: ["Authorization": "Bearer \(stranger)"], by: nil).status == 401)
                let browser = Browser(client)
                let signIn: JSON = ["clinic": "hickory", "id_token": .string(try await provider.token(TestClinic.prescriber))]
                #expect(try await browser.send("POST", "/v1/signin", signIn).status == 200)
                #expect(try await clinic.accessLog(database) == ["SignedIn n.nurse (oidc)", "SignedIn d.doctor (oidc)"])

                // The provider is away: what it signed stays good as long as it says.
                await provider.stop()
                #expect(try await client.get("/v1/clinics/hickory/rules", headers: headers, by: nil).status == 200)
                #expect(try await browser.send("GET", "/v1/me").status == 200)
            }
        }
    }
}

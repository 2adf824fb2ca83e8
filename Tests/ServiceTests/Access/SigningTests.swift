import Canonical
import Clinic
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

/// Signatures over HTTP: who signs shows handle and password again, and the event bears name, time and meaning.
@Suite(.service) struct SigningTests {
    private let clinic = TestClinic()
    private let path = "/v1/clinics/hickory/events"

    private func order(_ session: UUID, _ signatures: JSON..., command: UUID = UUID()) -> JSON {
        clinic.request(
            "session/\(session.lowercase)", "DischargeOrdered", at: 60, ["by": .string(TestClinic.prescriber)], command: command,
            more: signatures.isEmpty ? [:] : ["signatures": .array(signatures)])
    }

    private func wasting(witness: String, _ signatures: JSON...) -> JSON {
        clinic.request(
            "vial/\(clinic.vial.lowercase)", "DrugWasted", at: 60,
            ["amount_mg": 5, "manner": "sharps container", "witness": .string(witness)],
            more: signatures.isEmpty ? [:] : ["signatures": .array(signatures)])
    }

    private func withSession(_ body: @Sendable @escaping (HTTPClient, Database, UUID) async throws -> Void) async throws {
        try await withService { [clinic] client, database async throws in
            let session = UUID()
            try await clinic.begin(session, in: database)
            try await database.givePasswords(TestClinic.prescriber, TestClinic.nurse)
            try await body(client, database, session)
        }
    }

    @Test func anOrderBearsNameTimeAndMeaning() async throws {
        try await withSession { [self] client, database, session async throws in
            let before = Timestamp.now()
            let answer = try await client.post(
                path, order(session, .signature(TestClinic.prescriber, "approval")), by: TestClinic.prescriber)
            #expect(answer.status == 201)
            let payload = try #require(try await clinic.events(of: database, stream: session).last?.payload)
            #expect(!payload.contains("herons") && !payload.contains("password\":\"seven"))
            let signature = try #require(try JSON.parse(payload)["signatures"]?.asArray.first)
            #expect(signature["name"] == "Name of prescriber" && signature["staff"] == .string(TestClinic.prescriber))
            #expect(signature["meaning"] == "approval" && signature["method"] == "password")
            let at = try #require(signature["at"]?.asString.flatMap(Timestamp.init(rfc3339:)))
            #expect(before <= at && at <= .now())
            // Whoever reads the record sees it.
            let log = try await database.ledger.head(of: clinic.log).size
            let shown = try await client.get("/v1/clinics/hickory/sessions/\(session.lowercase)?min_position=\(log)", by: TestClinic.nurse)
            #expect(String(decoding: shown.body, as: UTF8.self).contains(#""name":"Name of prescriber","staff":"d.doctor""#))
            #expect(try await database.ledger.verify(clinic.log).isIntact)
        }
    }

    @Test func whatIsToBeSignedIsNotTakenUnsigned() async throws {
        try await withSession { [self] client, database, session async throws in
            let before = try await clinic.events(of: database).count
            func expect(
                _ request: JSON, by actor: String, _ status: Int, _ slug: String, sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let answer = try await client.post(path, request, by: actor)
                #expect(answer.status == status, sourceLocation: sourceLocation)
                #expect(try answer.problem == slug, sourceLocation: sourceLocation)
            }
            let (doctor, nurse) = (TestClinic.prescriber, TestClinic.nurse)
            try await expect(order(session), by: doctor, 422, "signature-missing")
            // A wrong password; a nurse with her own password under a prescriber's handle; her own signature on the prescriber's order.
            try await expect(order(session, .signature(doctor, "approval", password: "wrong")), by: doctor, 403, "signature-refused")
            try await database.accounts.setPassword("nine red foxes run at dusk", clinic: "hickory", staff: nurse)
            try await expect(
                order(session, .signature(doctor, "approval", password: "nine red foxes run at dusk")), by: doctor, 403, "signature-refused"
            )
            try await expect(
                order(session, .signature(nurse, "approval", password: "nine red foxes run at dusk")), by: doctor, 422, "signature-missing")
            // Nor does her role let her order, whoever's password she has.
            try await expect(order(session, .signature(doctor, "approval")), by: nurse, 403, "role-not-allowed")
            try await expect(order(session, .signature(doctor, "witness")), by: doctor, 422, "signature-missing")
            try await expect(order(session, .signature("stranger", "approval")), by: doctor, 403, "signature-refused")
            // A signature that is written down instead of given, as one is in the log.
            let replayed: JSON = [
                "staff": .string(doctor), "name": "Name of prescriber", "at": .string(clinic.at(59)), "meaning": "approval",
                "method": "password",
            ]
            try await expect(order(session, replayed), by: doctor, 422, "invalid-request")
            try await expect(order(session, ["staff": .string(doctor), "meaning": "approval"]), by: doctor, 403, "signature-refused")
            try await database.accounts.setDisabled(true, clinic: "hickory", staff: doctor)
            try await expect(
                wasting(
                    witness: doctor, .signature(nurse, "authorship", password: "nine red foxes run at dusk"), .signature(doctor, "witness")),
                by: nurse, 403, "signature-refused")
            #expect(try await clinic.events(of: database).count == before)
            // Every refusal is in the access log, those of passwords twice: as a sign-in that failed, too.
            let access = try await database.ledger.events(of: clinic.log.with(.access), EventQuery())
            #expect(access.filter { $0.type == "AccessDenied" }.count == 6)
            #expect(access.filter { $0.type == "SignInFailed" }.count == 4)
            #expect(!access.contains { ($0.payload ?? "").contains("herons") || ($0.payload ?? "").contains("foxes") })
        }
    }

    @Test func twoPersonActsNeedTwoPeople() async throws {
        try await withSession { [self] client, database, _ async throws in
            let (doctor, nurse) = (TestClinic.prescriber, TestClinic.nurse)
            func status(_ request: JSON) async throws -> String {
                let answer = try await client.post(path, request, by: nurse)
                return [String(answer.status), try answer.problem].compactMap(\.self).joined(separator: " ")
            }
            #expect(try await status(wasting(witness: doctor)) == "422 signature-missing")
            #expect(try await status(wasting(witness: doctor, .signature(nurse, "authorship"))) == "422 signature-missing")
            #expect(
                try await status(wasting(witness: doctor, .signature(nurse, "authorship"), .signature(nurse, "witness")))
                    == "422 signature-missing")
            #expect(
                try await status(wasting(witness: nurse, .signature(nurse, "authorship"), .signature(nurse, "witness")))
                    == "422 witness-is-author")
            #expect(
                try await status(
                    wasting(
                        witness: doctor, .signature(nurse, "authorship"), .signature(nurse, "authorship"), .signature(doctor, "witness")))
                    == "422 invalid-request")
            #expect(
                try await status(wasting(witness: doctor, .signature(nurse, "authorship"), .signature(doctor, "witness"))) == "201")
        }
    }

    /// Sent again, it is the same request, signed when it was signed first; under another command it is another, and signed anew.
    @Test func aRepeatKeepsItsFirstSignature() async throws {
        try await withSession { [self] client, database, session async throws in
            let request = order(session, .signature(TestClinic.prescriber, "approval"))
            let first = try await client.post(path, request, by: TestClinic.prescriber)
            let again = try await client.post(path, request, by: TestClinic.prescriber)
            #expect(first.status == 201 && again.status == 200)
            #expect(try first.json["events"] == again.json["events"])
            let batch = try await client.post(path, [request], by: TestClinic.prescriber)
            #expect(batch.status == 200)
            let second = try await client.post(
                path, [order(session, .signature(TestClinic.prescriber, "approval"))], by: TestClinic.prescriber)
            #expect(second.status == 201)
            let unsigned = try await client.post(path, [order(session)], by: TestClinic.prescriber)
            #expect(try unsigned.status == 422 && unsigned.problem == "signature-missing" && unsigned.pointers == ["/0/signatures"])
        }
    }

    @Test func guessingASignersPasswordIsSlowedDown() async throws {
        try await withSession { [self] client, _, session async throws in
            var statuses: [Int] = []
            for _ in 0..<7 {
                let request = order(session, .signature(TestClinic.prescriber, "approval", password: "wrong"))
                statuses.append(try await client.post(path, request, by: TestClinic.prescriber).status)
            }
            #expect(statuses.prefix(5).allSatisfy { $0 == 403 } && statuses.contains(429))
        }
    }

    /// With an identity provider there is no password here: a login made just now is the proof, for oneself alone.
    @Test func aFreshLoginAtTheProviderSigns() async throws {
        try await withDatabase { [self] database async throws in
            let session = UUID()
            try await clinic.begin(session, in: database)
            func sign(_ staff: String, loggedIn secondsAgo: Int64, _ credential: Principal.Credential) async throws -> AppendRequest {
                let principal = Principal(
                    clinic: "hickory", staff: TestClinic.prescriber, name: "Name of prescriber", roles: ["prescriber"],
                    credential: credential,
                    authenticatedAt: Timestamp(microseconds: Timestamp.now().microseconds - secondsAgo * 1_000_000))
                let request = try AppendRequest(
                    order(session, ["staff": .string(staff), "meaning": "approval"]), form: .door)
                return try await Signing(database: database).sign(request, in: clinic.log, principal)
            }
            let provider = Principal.Credential.openID(issuer: "https://id.example")
            let signed = try await sign(TestClinic.prescriber, loggedIn: 60, provider)
            #expect(signed.events[0].signatures.map(\.method) == [.oidc])
            await #expect(throws: ProblemResponse.self) { try await sign(TestClinic.prescriber, loggedIn: 400, provider) }
            await #expect(throws: ProblemResponse.self) { try await sign(TestClinic.nurse, loggedIn: 60, provider) }
            await #expect(throws: ProblemResponse.self) { try await sign(TestClinic.prescriber, loggedIn: 60, .session(UUID())) }
            await #expect(throws: ProblemResponse.self) { try await sign(TestClinic.prescriber, loggedIn: 60, .token(UUID())) }
        }
    }

    /// What a file or the operator tells of is marked so, and nobody's password is asked for.
    @Test func importsTellOfSignatures() async throws {
        try await withDatabase { [self] database async throws in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let told: JSON = [
                "staff": .string(TestClinic.prescriber), "name": "Dr. Doctor", "at": .string(clinic.at(60)), "meaning": "approval",
            ]
            try await clinic.record(order(session, told), by: TestClinic.prescriber, in: database)
            let payload = try #require(try await clinic.events(of: database, stream: session).last?.payload)
            #expect(try JSON.parse(payload)["signatures"]?.asArray.first?["method"] == "imported")
            for more in [["method": "password"], ["password": "x"]] as [[String: JSON]] {
                guard case .object(var members) = told else { return }
                members.merge(more) { $1 }
                #expect(throws: ValidationError.self) { try AppendRequest(order(session, .object(members)), form: .single) }
            }
        }
    }

    @Test func credentialsSayNothingOfThemselves() throws {
        let request = try AppendRequest(order(UUID(), .signature(TestClinic.prescriber, "approval")), form: .door)
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request)".contains("herons") && !dumped.contains("herons"))
    }
}

import Canonical
import Foundation
import Ledger
import Service
import TestSupport
import Testing

@Suite(.service) struct AppendRouteTests {
    private let clinic = TestClinic()
    private let path = "/v1/clinics/hickory/events"

    @Test func recordsAndAnswersWithReceipts() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let request = clinic.dose(session, from: 35, to: 40, at: 30)
            let answer = try await client.post(path, request, by: TestClinic.nurse)
            #expect(answer.status == 201 && answer.contentType == "application/json")
            let json = try answer.json
            let receipt = try #require(json["events"]?.asArray.first)
            let stored = try #require(try await clinic.events(of: database).last)
            #expect(receipt["position"]?.asInt == stored.position && receipt["version"]?.asInt == stored.version)
            #expect(receipt["recorded_at"]?.asString == stored.recordedAt.description)
            #expect(receipt["event"]?.asString == stored.event.lowercase)
            #expect(json["repeated"] == false && json["command"] == request["command"])

            let again = try await client.post(path, request, by: TestClinic.nurse)
            #expect(again.status == 200)
            #expect(try again.json["events"] == json["events"] && again.json["repeated"] == true)
        }
    }

    @Test func everyRefusalIsProblemDetails() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let before = try await clinic.events(of: database).count
            func expect(
                _ request: JSON, by actor: String? = TestClinic.nurse, _ status: Int, _ slug: String, _ pointers: [String] = [],
                at path: String = "/v1/clinics/hickory/events", sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let answer = try await client.post(path, request, by: actor)
                #expect(answer.status == status, sourceLocation: sourceLocation)
                #expect(try answer.problem == slug, sourceLocation: sourceLocation)
                #expect(try answer.pointers == pointers, sourceLocation: sourceLocation)
            }
            let dose = clinic.dose(session, from: 35, to: 40, at: 30)
            try await expect(dose, by: nil, 401, "not-signed-in")
            try await expect(dose, by: TestClinic.desk, 403, "role-not-allowed")
            try await expect(dose, by: "stranger", 401, "not-signed-in")
            try await expect(clinic.vitals(UUID(), at: 30), 404, "unknown-session")
            try await expect(clinic.dose(session, from: 30, to: 40, at: 30), 409, "stale-rate", ["/data/from_rate_mg_per_h"])
            try await expect(
                clinic.dose(session, from: 35, to: 40, at: 30, more: ["expected_version": 9]), 409, "version-conflict",
                ["/expected_version"])
            try await expect(dose, 404, "unknown-clinic", at: "/v1/clinics/Nowhere!/events")
            try await expect(["a": 1], 422, "invalid-request", ["/command", "/stream", "/type", "/occurred_at", "/data", "/a"])
            try await expect([], 422, "invalid-request", [""])
            let vitals: JSON = [
                "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"),
                "events": [
                    [
                        "type": "VitalsRecorded", "occurred_at": .string(clinic.at(30)),
                        "data": ["phase": "infusion", "heart_rate": 300, "source": "manual"],
                    ]
                ],
            ]
            try await expect(vitals, 422, "invalid-request", ["/events/0/data/heart_rate"])

            let gate = try await client.post(path, clinic.dose(session, from: 35, to: 60, at: 30), by: TestClinic.nurse)
            #expect(gate.status == 422)
            #expect(try gate.problem == "gate-dose")
            #expect(try gate.json["gate"] == "dose")
            #expect(try await clinic.events(of: database).count == before)
            let overridden = clinic.dose(
                session, from: 35, to: 60, at: 30,
                more: [
                    "override": ["gate": "dose", "reason": "Known to bear it."],
                    "signatures": [.signature(TestClinic.prescriber, "responsibility")],
                ])
            try await database.givePasswords(TestClinic.prescriber)
            #expect(try await client.post(path, overridden, by: TestClinic.prescriber).status == 201)
        }
    }

    @Test func aCommandReusedIsAConflict() async throws {
        try await withService { [clinic, path] client, database in
            let (session, command) = (UUID(), UUID())
            try await clinic.begin(session, in: database)
            _ = try await client.post(path, clinic.vitals(session, at: 30, command: command), by: TestClinic.nurse)
            let answer = try await client.post(path, clinic.vitals(session, at: 31, command: command), by: TestClinic.nurse)
            #expect(answer.status == 409)
            #expect(try answer.problem == "command-reused" && answer.pointers == ["/command"])
        }
    }

    @Test(arguments: ["", "not json", "{", #"{"a":1,"a":2}"#, "\u{FEFF}{}", #"{"a":"\#u{1}"}"#])
    func aBodyThatIsNoJSONIsABadRequest(_ body: String) async throws {
        try await withService { [clinic, path] client, database in
            try await clinic.record(clinic.founding, in: database)
            let answer = try await client.post(path, Data(body.utf8), by: "n.nurse")
            #expect(answer.status == 400)
            #expect(try answer.problem == "invalid-json")
        }
    }

    @Test func aBodyThatIsTooLargeIsSaidToBe() async throws {
        try await withService { [clinic, path] client, database in
            try await clinic.record(clinic.founding, in: database)
            let answer = try await client.post(path, Data(repeating: 0x20, count: (2 << 20) + 1), by: "n.nurse")
            #expect(answer.status == 413)
            #expect(try answer.problem == "body-too-large")
        }
    }
}

import Canonical
import Clinic
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

/// An emergency opens one chart, for one member of staff, for a while, loudly, and waits for somebody else's review.
@Suite(.service) struct BreakGlassTests {
    private func chart(_ patient: UUID) -> String { "/v1/clinics/hickory/patients/\(patient.lowercase)/chart" }

    private func invocation(_ patient: UUID, reason: String = "Seizing in the waiting room.") -> JSON {
        [
            "command": .string(UUID().lowercase), "stream": .string("access/\(patient.lowercase)"), "type": "BreakGlassInvoked",
            "occurred_at": .string(Timestamp.now().description),
            "data": ["patient": .string(patient.lowercase), "reason": .string(reason)],
        ]
    }

    @Test func itOpensOneChartForOnePerson() async throws {
        try await withService(options: .unhurried) { [self] client, database async throws in
            let house = try await AccessHouse.open(database)
            let (nurse, patient) = (AccessHouse.staff(.nurse), house.stranger.patient)
            #expect(try await client.get(chart(patient), by: nurse).problem == "not-in-care")
            let posted = try await client.post("/v1/clinics/hickory/events", invocation(patient), by: nurse)
            #expect(posted.status == 201)
            let event = try #require(try posted.json["events"]?.asArray.first?["event"]?.asString)

            let opened = try await client.get(chart(patient), headers: ["If-None-Match": "*"], by: nurse)
            #expect(opened.status == 200 && opened.headers["dripline-break-glass"]?.hasPrefix("\(event); until=") == true)
            #expect(try opened.json["break_glass"]?["invocation"]?.asString == event && opened.headers["etag"] == nil)
            let session = try await client.get("/v1/clinics/hickory/sessions/\(house.stranger.session.lowercase)", by: nurse)
            #expect(try session.status == 200 && session.json["break_glass"] != nil)
            // Nobody else's, and nobody else's chart.
            #expect(try await client.get(chart(patient), by: AccessHouse.staff(.prescriber)).problem == "not-in-care")
            #expect(try await client.get(chart(patient), by: AccessHouse.staff(.frontDesk)).problem == "emergency-only")
            let other = try await AccessHouse.patient(house.clinic, registered: -400, in: database)
            #expect(try await client.get(chart(other.patient), by: nurse).problem == "not-in-care")
            // Written down with the emergency that it was read in.
            let reads = try await database.ledger.events(
                of: house.clinic.log.with(.access), EventQuery(subject: "patient/\(patient.lowercase)", type: "ChartRead"))
            #expect(reads.count == 2 && reads.allSatisfy { ($0.payload ?? "").contains("break-glass \(event)") })
        }
    }

    @Test func itEndsByItself() async throws {
        try await withDatabase { database async throws in
            let clinic = TestClinic()
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let event = try await clinic.breakGlass(clinic.patient, by: TestClinic.nurse, in: database)
            func open(after minutes: Int64) async throws -> UUID? {
                try await database.ledger.brokenGlass(
                    by: TestClinic.nurse, patient: clinic.patient, clinic: "hickory", now: .now().adding(minutes: minutes))?.invocation
            }
            #expect(try await open(after: 0) == event)
            #expect(try await open(after: 59) == event)
            #expect(try await open(after: 61) == nil)
            // A mistake that was voided opens nothing either.
            let voiding: JSON = [
                "command": .string(UUID().lowercase), "stream": .string("access/\(clinic.patient.lowercase)"), "type": "EventVoided",
                "occurred_at": .string(Timestamp.now().description),
                "data": ["target": .string(event.lowercase), "reason": "Wrong patient."],
            ]
            try await clinic.record(voiding, by: TestClinic.administrator, in: database)
            #expect(try await open(after: 0) == nil)
        }
    }

    /// Roles that no emergency opens a chart for are heard all the same.
    @Test func itIsNeverBlocked() async throws {
        try await withService(options: .unhurried) { [self] client, database async throws in
            let house = try await AccessHouse.open(database)
            for role in StaffRole.allCases {
                for patient in [house.stranger.patient, UUID()] {
                    let answer = try await client.post("/v1/clinics/hickory/events", invocation(patient), by: AccessHouse.staff(role))
                    #expect(answer.status == 201, "\(role)")
                }
            }
            for role in [StaffRole.reporting, .administrator] {
                #expect(try await client.get(chart(house.stranger.patient), by: AccessHouse.staff(role)).problem == "role-not-allowed")
            }
            // A chart that isn't there is not there, once one may know.
            #expect(try await client.get(chart(UUID()), by: AccessHouse.staff(.compliance)).problem == "unknown-patient")
        }
    }

    @Test func itWaitsForAReviewBySomebodyElse() async throws {
        try await withService(options: .unhurried) { [self] client, database async throws in
            let house = try await AccessHouse.open(database)
            let (prescriber, compliance) = (AccessHouse.staff(.prescriber), AccessHouse.staff(.compliance))
            try await database.givePasswords(prescriber, compliance)
            let posted = try await client.post("/v1/clinics/hickory/events", invocation(house.stranger.patient), by: prescriber)
            let event = try #require(try posted.json["events"]?.asArray.first?["event"]?.asString)
            func open() async throws -> [JSON] {
                let end = try await database.ledger.head(of: house.clinic.log.with(.access)).size
                let answer = try await client.get(
                    "/v1/clinics/hickory/break-glass?state=open&min_position=\(end)", by: AccessHouse.staff(.administrator))
                return try answer.json["break_glass"]?.asArray.filter { $0["invocation"]?.asString == event } ?? []
            }
            let waiting = try #require(try await open().first)
            let stream = try #require(waiting["stream"]?.asString)
            #expect(waiting["reason"] == "Seizing in the waiting room." && waiting["actor"] == .string(prescriber))
            func review(by staff: String, signed: JSON?) async throws -> HTTPClient.Answer {
                var request: [String: JSON] = [
                    "command": .string(UUID().lowercase), "stream": .string(stream), "type": "BreakGlassReviewed",
                    "occurred_at": .string(Timestamp.now().description),
                    "data": ["invocation": .string(event), "outcome": "justified"],
                ]
                request["signatures"] = signed.map { [$0] }
                return try await client.post("/v1/clinics/hickory/events", .object(request), by: staff)
            }
            #expect(try await review(by: prescriber, signed: .signature(prescriber, "review")).problem == "own-invocation")
            #expect(try await review(by: compliance, signed: nil).problem == "signature-missing")
            #expect(try await review(by: compliance, signed: .signature(prescriber, "review")).problem == "signature-missing")
            #expect(try await review(by: compliance, signed: .signature(compliance, "review")).status == 201)
            #expect(try await open().isEmpty)
        }
    }
}

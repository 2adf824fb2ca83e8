import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service
import TestSupport
import Testing

@Suite(.service) struct ReadRouteTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"

    /// A session with an arrival, an infusion, vitals and its end, and the position of the log.
    private static func fill(_ clinic: TestClinic, _ session: UUID, _ database: Database) async throws -> Int64 {
        try await clinic.begin(session, in: database)
        for minute in Int64(23)...26 { try await clinic.record(clinic.vitals(session, at: minute), by: TestClinic.nurse, in: database) }
        return try await clinic.record(clinic.stop(session, at: 27), by: TestClinic.nurse, in: database).receipts[0].position
    }

    @Test func eventsComeInPages() async throws {
        try await withService { [clinic, root] client, database in
            let session = UUID()
            let size = try await Self.fill(clinic, session, database)
            var (positions, after, pages) = ([Int64](), Int64(0), 0)
            while true {
                let json = try await client.get("\(root)/events?after=\(after)&limit=5").json
                positions += json["events"]?.asArray.compactMap { $0["position"]?.asInt } ?? []
                pages += 1
                guard let next = json["next_after"]?.asInt else { break }
                after = next
            }
            #expect(positions == Array(1...size) && pages == (Int(size) + 4) / 5)

            let vitals = try await client.get("\(root)/events?type=VitalsRecorded").json["events"]?.asArray ?? []
            #expect(vitals.count == 4 && vitals.allSatisfy { $0["type"] == "VitalsRecorded" })
            let stream = "session/\(session.lowercase)"
            let ofStream = try await client.get("\(root)/events?stream=\(stream.uppercased().replacing("SESSION", with: "session"))").json
            #expect(ofStream["events"]?.asArray.compactMap { $0["version"]?.asInt } == Array(1...8))
            let some = try await client.get("\(root)/events?stream=\(stream)&type=VitalsRecorded&after=\(size - 2)&until=\(size)").json
            #expect(some["events"]?.asArray.map { $0["position"]?.asInt } == [size - 1])
            let event = try #require(vitals.first)
            #expect(
                event["data"]?["heart_rate"] == 80 && event["actor"]?.asString == TestClinic.nurse && event["stream"]?.asString == stream)
        }
    }

    @Test func chartsAreReadNowAndAsOf() async throws {
        try await withService { [clinic, root] client, database in
            let session = UUID()
            let size = try await Self.fill(clinic, session, database)
            let path = "\(root)/patients/\(clinic.patient.lowercase)/chart"
            let now = try await client.get("\(path)?min_position=\(size)")
            #expect(now.status == 200 && now.contentType == "application/json" && now.headers["cache-control"] == "no-store")
            #expect(try await client.get("\(path)?position=\(size)").json == now.json)
            func sessions(_ query: String) async throws -> [JSON] { try await client.get(path + query).json["sessions"]?.asArray ?? [] }
            #expect(try await sessions("?position=\(size)").count == 1)
            // Before the arrival, by each of the three bounds.
            let arrival = try #require(try await clinic.events(of: database, stream: session).first)
            #expect(try await sessions("?position=\(arrival.position - 1)").isEmpty)
            #expect(try await sessions("?known_at=\(arrival.recordedAt.adding(seconds: -1))").isEmpty)
            #expect(try await sessions("?known_at=\(arrival.recordedAt.adding(seconds: 60))").count == 1)
            #expect(try await sessions("?at=\(clinic.at(19))").first?["arrived"] == nil)
            #expect(try await client.get("\(path)?at=\(clinic.at(27).replacing("Z", with: "%2B00:00"))").status == 200)
            let unborn = try await client.get("\(path)?position=3")
            #expect(unborn.status == 404)
            #expect(try unborn.problem == "unknown-patient")
        }
    }

    @Test func sessionsAndPatientsAreFound() async throws {
        try await withService { [clinic, root] client, database in
            let (session, other) = (UUID(), UUID())
            _ = try await Self.fill(clinic, session, database)
            let booking = clinic.request(
                "session/\(other.lowercase)", "SessionBooked", at: 30,
                ["patient": .string(clinic.patient.lowercase), "number": 2, "scheduled_at": .string(clinic.at(90_000)), "duration_min": 90])
            let size = try await clinic.record(booking, by: TestClinic.desk, in: database).receipts[0].position
            let one = try await client.get("\(root)/sessions/\(session.lowercase)?min_position=\(size)")
            #expect(one.status == 200)
            #expect(try one.json["session"]?.asString == session.lowercase)
            func found(_ query: String) async throws -> [String?] {
                try await client.get("\(root)/sessions\(query)").json["sessions"]?.asArray.map { $0["session"]?.asString } ?? []
            }
            #expect(try await Set(found("")) == [session.lowercase, other.lowercase])
            #expect(try await found("?state=active") == [session.lowercase])
            #expect(try await found("?state=booked") == [other.lowercase])
            #expect(try await found("?state=discharged") == [])
            #expect(try await found("?patient=\(UUID().lowercase)") == [])
            #expect(try await found("?patient=\(clinic.patient.lowercase)&limit=1").count == 1)

            func patients(_ query: String) async throws -> Int? {
                try await client.get("\(root)/patients\(query)").json["patients"]?.asArray.count
            }
            #expect(try await patients("") == 1)
            #expect(try await patients("?query=ashd") == 1)
            #expect(try await patients("?query=HK-1") == 1)
            #expect(try await patients("?query=Zebedee") == 0)
        }
    }

    @Test func complianceIsFiltered() async throws {
        try await withService { [clinic, root] client, database in
            let session = UUID()
            let size = try await Self.fill(clinic, session, database)
            func verdicts(_ query: String) async throws -> [JSON] {
                try await client.get("\(root)/compliance?min_position=\(size)&\(query)").json["verdicts"]?.asArray ?? []
            }
            let all = try await verdicts("")
            // A verdict for each stream of a rule's kinds: the clinic, the patient, the vial, the session.
            func rules(_ kind: StreamKind) -> Int { RuleSet.rules.count { $0.streams.contains(kind) } }
            #expect(all.count == rules(.clinic) + rules(.patient) + rules(.vial) + rules(.session))
            #expect(try await verdicts("session=\(session.lowercase)").count == rules(.session))
            #expect(try await verdicts("rule=M1").map { $0["rule"] } == ["M1"])
            let open = try await verdicts("verdict=indeterminate&session=\(session.lowercase)")
            #expect(!open.isEmpty && open.allSatisfy { $0["verdict"] == "indeterminate" })
            #expect(try await verdicts("position=\(size)") == all)
            #expect(try await verdicts("position=5&session=\(session.lowercase)") == [])
        }
    }

    @Test(arguments: [
        ("/events?after=-1", "?after"), ("/events?after=x", "?after"), ("/events?limit=0", "?limit"), ("/events?limit=1001", "?limit"),
        ("/events?stream=chart/1", "?stream"), ("/events?type=Nothing", "?type"), ("/events?until=1.5", "?until"),
        ("/events/live?after=x", "?after"), ("/events/live?stream=x", "?stream"), ("/patients?limit=x", "?limit"),
        ("/patients/0198f7a2-0000-7000-8000-000000000001/chart?at=today", "?at"),
        ("/patients/0198f7a2-0000-7000-8000-000000000001/chart?known_at=2026-11-22T15:30:00", "?known_at"),
        ("/patients/0198f7a2-0000-7000-8000-000000000001/chart?position=-3", "?position"),
        ("/patients/0198f7a2-0000-7000-8000-000000000001/chart?min_position=x", "?min_position"), ("/sessions?state=asleep", "?state"),
        ("/sessions?patient=1", "?patient"), ("/compliance?session=1", "?session"), ("/compliance?rule=Z9", "?rule"),
        ("/compliance?verdict=maybe", "?verdict"), ("/compliance?position=x", "?position"),
    ])
    func aBadParameterIsNamed(_ path: String, _ parameter: String) async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding, in: database)
            let answer = try await client.get(root + path)
            #expect(answer.status == 400)
            #expect(try answer.problem == "invalid-parameter" && answer.pointers == [parameter])
        }
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await client.waitUntilReady()
            let id = UUID().lowercase
            let missing: [(String, String)] = [
                ("\(root)/patients/\(id)/chart", "unknown-patient"),
                ("\(root)/patients/Ashdown/chart", "not-found"), ("\(root)/sessions/\(id)", "unknown-session"),
                ("\(root)/sessions/1", "not-found"), ("/", "not-found"), ("/v2", "not-found"), ("\(root)/nothing", "not-found"),
                (root, "not-found"),
            ]
            for (path, slug) in missing {
                let answer = try await client.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(try answer.problem == slug, "\(path)")
            }
            let wrong = try await client.send("DELETE", "\(root)/events")
            #expect(wrong.status == 404 || wrong.status == 405)
            #expect(try wrong.problem != nil)
        }
    }

    @Test func aReadThatAsksForMoreThanThereIsIsToldToComeBack() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let answer = try await client.get("\(root)/patients/\(clinic.patient.lowercase)/chart?min_position=1000")
            #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
            #expect(try answer.problem == "behind")
        }
    }
}

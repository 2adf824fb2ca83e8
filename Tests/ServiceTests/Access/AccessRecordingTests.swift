import Canonical
import Clinic
import Foundation
import FoundationNetworking
import Ledger
import Postgres
import Projections
import Service
import TestSupport
import Testing

/// What is seen, sent out or refused is in the access log when the answer arrives.
@Suite(.service) struct AccessRecordingTests {
    private let clinic = TestClinic()
    private let base = "/v1/clinics/hickory"

    private func access(_ database: Database, after: Int64 = 0) async throws -> [String] {
        try await database.ledger.events(of: clinic.log.with(.access), EventQuery(after: after, limit: 10_000)).map { event in
            let data = try JSON.parse(event.payload ?? "{}")
            let about = [data["resource"], data["purpose"] ?? data["reason"]].compactMap { $0?.asString }
            return ([event.actor, event.type] + about).joined(separator: " | ")
        }
    }

    private func withPatient(_ body: @Sendable @escaping (HTTPClient, Database, UUID) async throws -> Void) async throws {
        try await withService(options: .unhurried) { [clinic] client, database async throws in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let end = try await database.ledger.head(of: clinic.log).size
            for projection in [PatientChart.self, Compliance.self] as [any Projection.Type] {
                try await database.ledger.waitForProjection(projection, of: clinic.log, position: end, limit: .seconds(60))
            }
            try await body(client, database, session)
        }
    }

    @Test func everyReadIsWrittenDownBeforeItsAnswer() async throws {
        try await withPatient { [self] client, database, session async throws in
            let (patient, id) = (clinic.patient.lowercase, session.lowercase)
            let reads: [(path: String, resource: String)] = [
                ("/patients/\(patient)/chart", "chart"), ("/patients/\(patient)/chart/diff?from=1&to=12", "chart diff"),
                ("/sessions/\(id)", "session/\(id)"), ("/events?stream=patient/\(patient)", "events"),
                ("/events?stream=session/\(id)", "events"), ("/compliance?session=\(id)", "verdicts"),
            ]
            for (path, resource) in reads {
                let before = try await database.ledger.head(of: clinic.log.with(.access)).size
                let answer = try await client.get(base + path, headers: ["Dripline-Purpose": "rounds"], by: TestClinic.nurse)
                #expect(answer.status == 200, "\(path)")
                let written = try await access(database, after: before)
                #expect(written.count == 1 && written[0].hasPrefix("n.nurse | ChartRead | \(resource)"), "\(written)")
                #expect(written[0].hasSuffix(" | rounds"), "\(written)")
            }
            // Whole logs: each patient in the page once. A page without patients is no read of anybody.
            let before = try await database.ledger.head(of: clinic.log.with(.access)).size
            #expect(try await client.get(base + "/events?limit=1000").status == 200)
            #expect(try await client.get(base + "/events?stream=clinic").status == 200)
            #expect(try await client.get(base + "/compliance").status == 200)
            let written = try await access(database, after: before)
            #expect(written.count == 2 && written[0].hasPrefix("o.admin | ChartRead | events 1–"), "\(written)")
            #expect(written[1].hasPrefix("o.admin | ChartRead | verdicts"), "\(written)")
        }
    }

    @Test func aLiveStreamIsWrittenDownOnceForEachPatient() async throws {
        try await withPatient { [self] client, database, session async throws in
            let request = try await client.request(base + "/events/live?after=0", headers: [:])
            let (stream, task) = EventStream.open(request)
            defer { task.cancel() }
            let end = try await database.ledger.head(of: clinic.log).size
            try await stream.wait("the events so far") { $0.ids.last == end }
            try await clinic.record(clinic.vitals(session, at: 40), by: TestClinic.nurse, in: database)
            try await stream.wait("the next") { $0.ids.last == end + 1 }
            let reads = try await access(database).filter { $0.contains("ChartRead") }
            #expect(reads.count == 1 && reads[0].hasPrefix("o.admin | ChartRead | events 1–"), "\(reads)")
        }
    }

    @Test func refusalsAreWrittenDown() async throws {
        try await withPatient { [self] client, database, _ async throws in
            let chart = base + "/patients/\(clinic.patient.lowercase)/chart"
            #expect(try await client.get(chart, by: TestClinic.desk).problem == "emergency-only")
            #expect(try await client.get(base + "/compliance", by: TestClinic.nurse).problem == "role-not-allowed")
            #expect(try await client.get("/v1/clinics/elsewhere/patients", by: TestClinic.nurse).problem == "unknown-clinic")
            #expect(
                try await access(database) == [
                    "f.desk | AccessDenied | read chart | emergency-only", "n.nurse | AccessDenied | read verdicts | role-not-allowed",
                    "n.nurse | AccessDenied | another clinic | unknown-clinic",
                ])
            #expect(try await database.ledger.number(of: LogName(clinic: "elsewhere", kind: .access)!) == nil)
        }
    }

    /// Whatever stands in the way of the log stands in the way of the answer.
    @Test func whatCannotBeWrittenDownIsNotShown() async throws {
        try await withPatient { [self] client, database, _ async throws in
            let chart = base + "/patients/\(clinic.patient.lowercase)/chart"
            #expect(try await client.get(chart, by: TestClinic.nurse).status == 200)
            let name = try await withSuperuser { connection in
                try await connection.query("SELECT 'dripline.append'::regproc::oid::regprocedure::text").first?.value(0, as: String.self)
            }
            let function = try #require(name)
            try await withSuperuser { try await $0.execute("REVOKE EXECUTE ON FUNCTION \(function) FROM dripline_service, PUBLIC") }
            for path in [chart, base + "/events?limit=10", base + "/compliance", base + "/access"] {
                let answer = try await client.get(path)
                #expect(try answer.status == 503 && answer.problem == "access-log-unavailable", "\(path)")
                #expect(answer.headers["retry-after"] != nil && !String(decoding: answer.body, as: UTF8.self).contains("Ashdown"))
            }
            // Not even why it was refused.
            #expect(try await client.get(chart, by: TestClinic.desk).problem == "access-log-unavailable")
            try await withSuperuser { try await $0.execute("GRANT EXECUTE ON FUNCTION \(function) TO dripline_service") }
            #expect(try await client.get(chart, by: TestClinic.nurse).status == 200)
        }
    }

    @Test func manyReadersAtOnceAreAllWrittenDown() async throws {
        try await withPatient { [self] client, database, _ async throws in
            let chart = base + "/patients/\(clinic.patient.lowercase)/chart"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        try await client.get(chart, by: index.isMultiple(of: 2) ? TestClinic.nurse : TestClinic.prescriber).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await access(database).count == 40)
            #expect(try await database.ledger.verify(clinic.log.with(.access)).isIntact)
        }
    }

    @Test func aPatientGetsAnAccountOfReadsAndDisclosures() async throws {
        try await withPatient { [self] client, database, _ async throws in
            let patient = clinic.patient.lowercase
            _ = try await client.get(base + "/patients/\(patient)/chart", headers: ["Dripline-Purpose": "=rounds"], by: TestClinic.nurse)
            let disclosure = clinic.request(
                "access/\(patient)", "DisclosureMade", at: 40,
                ["patient": .string(patient), "recipient": "Dr. Vale", "description": "The last session", "purpose": "Referral"])
            #expect(try await client.post(base + "/events", disclosure, by: TestClinic.desk).status == 201)
            _ = try await client.get(base + "/patients/\(patient)/chart", by: TestClinic.desk)
            let end = try await database.ledger.head(of: clinic.log.with(.access)).size
            let answer = try await client.get(base + "/patients/\(patient)/access?min_position=\(end)")
            let lines = try answer.json["access"]?.asArray ?? []
            #expect(lines.map { $0["type"]?.asString } == ["ChartRead", "DisclosureMade", "AccessDenied"])
            #expect(lines[1]["recipient"] == "Dr. Vale" && lines[1]["description"] == "The last session")
            // The account itself went out, and the next one says so.
            let csv = try await client.get(base + "/patients/\(patient)/access?format=csv&min_position=\(end + 1)")
            #expect(csv.contentType?.hasPrefix("text/csv") == true)
            let text = String(decoding: csv.body, as: UTF8.self)
            let rows = text.split(separator: "\r\n")
            #expect(rows.count == 5 && rows[0].hasPrefix("at,what,who"), "\(text)")
            #expect(
                rows[1].contains(",read,n.nurse,chart,'=rounds,") && rows[4].contains(",exported,o.admin,account of access,"), "\(text)")
            let byNurse = try await client.get(base + "/access?actor=n.nurse&min_position=\(end)")
            #expect(try byNurse.json["access"]?.asArray.count == 1)
            let page = try await client.get(base + "/access?limit=2&min_position=\(end)")
            #expect(try page.json["access"]?.asArray.count == 2)
            let next = try #require(try page.json["next"]?.asString)
            let rest = try await client.get(base + "/access?limit=2&cursor=\(next)")
            #expect(try rest.json["access"]?.asArray.first?["position"] == 3)
            #expect(try await client.get(base + "/patients/\(patient)/access", by: TestClinic.nurse).status == 403)
        }
    }
}

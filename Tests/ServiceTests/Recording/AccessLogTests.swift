import Canonical
import Clinic
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// What stands on `access` streams goes to the clinic's access log, whichever way it comes in.
@Suite(.service) struct AccessLogTests {
    private let clinic = TestClinic()
    private var access: LogName { clinic.log.with(.access) }
    private var stream: String { "access/\(clinic.patient.lowercase)" }

    private func read(at minutes: Int64 = 30, command: UUID = UUID(), more: [String: JSON] = [:]) -> JSON {
        clinic.request(
            stream, "ChartRead", at: minutes,
            ["patient": .string(clinic.patient.lowercase), "resource": "chart", "purpose": "treatment"], command: command, more: more)
    }

    private func disclosure(at minutes: Int64 = 30) -> JSON {
        clinic.request(
            stream, "DisclosureMade", at: minutes,
            [
                "patient": .string(clinic.patient.lowercase), "recipient": "Dr. Vale", "description": "The last session",
                "purpose": "Referral",
            ])
    }

    private func types(_ log: LogName, _ database: Database) async throws -> [String] {
        try await database.ledger.events(of: log, EventQuery(limit: EventQuery.maximumLimit)).map(\.type)
    }

    @Test func aRequestGoesToTheLogOfItsStream() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let record = try await types(clinic.log, database)
            let recorded = try await clinic.record(read(), by: TestClinic.nurse, in: database)
            #expect(recorded.receipts.map(\.position) == [1] && recorded.receipts.map(\.version) == [1])
            try await clinic.record(disclosure(), by: TestClinic.desk, in: database)
            #expect(try await types(access, database) == ["ChartRead", "DisclosureMade"])
            #expect(try await types(clinic.log, database) == record)
            #expect(try await database.ledger.verify(access).isIntact)
            // It is known again, and has a version to expect, in its own log.
            let command = UUID()
            try await clinic.record(read(command: command, more: ["expected_version": 2]), by: TestClinic.nurse, in: database)
            let again = try await clinic.record(read(command: command, more: ["expected_version": 2]), by: TestClinic.nurse, in: database)
            #expect(again.isRepeat && again.receipts.map(\.position) == [3])
        }
    }

    /// Another process revokes and enrols; this one has the clinic in its cache, and no condition of the access log could tell it.
    @Test func theStaffAreAskedForWhenItIsDecided() async throws {
        try await withDatabase { knowing in
            try await withDatabase { stale in
                try await clinic.record(clinic.founding + clinic.admission, in: knowing)
                try await clinic.record(clinic.registration(UUID(), at: 15), by: TestClinic.desk, in: stale)
                let revoked = clinic.request("clinic", "StaffRevoked", at: 20, ["staff": .string(TestClinic.desk), "reason": "Left."])
                try await clinic.record(revoked, by: TestClinic.administrator, in: knowing)
                await #expect(throws: RecordingError.self) { try await clinic.record(disclosure(), by: TestClinic.desk, in: stale) }
                try await clinic.record(disclosure(), by: TestClinic.nurse, in: stale)
                #expect(try await types(access, stale) == ["DisclosureMade"])
            }
        }
    }

    @Test func aFileMayHoldLinesOfBothLogs() async throws {
        try await withDatabase { database in
            var file = ImportFile()
            // Nobody is enrolled before the file says so; the access line depends on a line of the record that is pending.
            for entry in clinic.founding + clinic.admission { file.add(clinic.line(entry)) }
            file.add(clinic.line((TestClinic.desk, disclosure())))
            let early = file.add(clinic.line(("late.comer", disclosure(at: 40))))
            file.add(
                clinic.line(
                    (
                        TestClinic.administrator,
                        clinic.request(
                            "clinic", "StaffEnrolled", at: 41, ["staff": "late.comer", "name": "Late Comer", "roles": ["compliance"]])
                    )))
            file.add(clinic.line(("late.comer", disclosure(at: 42))))
            for minute in 43..<60 { file.add(clinic.line((TestClinic.nurse, read(at: Int64(minute))))) }
            try await TemporaryDirectory.with { directory in
                let path = try file.write(in: directory)
                let report = try await Importer(database.recorder).run([path])
                #expect(report.refused.map(\.line) == [early])
                #expect(report.refused.map(\.code) == ["actor-not-enrolled"])
                #expect(
                    try await types(access, database) == ["DisclosureMade", "DisclosureMade"] + Array(repeating: "ChartRead", count: 17))
                #expect(try await types(clinic.log, database).count == clinic.founding.count + clinic.admission.count + 1)
                for log in [clinic.log, access] { #expect(try await database.ledger.verify(log).isIntact) }
                let again = try await Importer(database.recorder).run([path])
                // By now the late comer is enrolled, but was not at that time.
                #expect(again.commands == 0 && again.repeated == report.commands && again.refused.map(\.line) == [early])
            }
        }
    }

    @Test func overHTTPToo() async throws {
        try await withService { [clinic, stream] client, database in
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let path = "/v1/clinics/hickory/events"
            // What the service states itself nobody else may state.
            let posted = try await client.post(path, self.read(), by: TestClinic.nurse)
            #expect(try posted.status == 403 && posted.problem == "stated-by-the-service")
            #expect(try await client.post(path, self.disclosure(), by: TestClinic.desk).status == 201)
            func types(_ query: String) async throws -> [String?] {
                let answer = try await client.get(path + query)
                #expect(answer.status == 200)
                return (try answer.json["events"]?.elements ?? []).map { $0["type"]?.text }
            }
            #expect(try await types("?log=access").prefix(2) == ["AccessDenied", "DisclosureMade"])
            #expect(try await types("?stream=\(stream)") == ["DisclosureMade"])
            #expect(try await types("?type=DisclosureMade") == ["DisclosureMade"])
            #expect(try await types("?log=record&type=DisclosureMade") == [])
            #expect(try await types("").count == clinic.founding.count + clinic.admission.count)
            #expect(try await client.get(path + "?log=audit").status == 400)
            #expect(try await client.get(path + "?log=record&stream=\(stream)").status == 400)
        }
    }

    /// A position of the record bounds the accesses too, by when it was recorded: who was enrolled later had read nothing yet.
    @Test func aPositionOfTheRecordBoundsTheAccesses() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let before = try await database.ledger.head(of: clinic.log).size
            let enrolment: JSON = ["staff": "late.comer", "name": "Late Comer", "roles": ["nurse"]]
            try await clinic.record(
                clinic.request("clinic", "StaffEnrolled", at: 41, enrolment), by: TestClinic.administrator, in: database)
            try await clinic.record(self.read(at: 42), by: "late.comer", in: database)
            func verdicts(_ query: String) async throws -> [String?] {
                let answer = try await client.get("/v1/clinics/hickory/compliance?rule=A4" + query)
                return (try answer.json["verdicts"]?.elements ?? []).map { $0["verdict"]?.text }
            }
            #expect(try await verdicts("&position=\(before)") == [])
            #expect(try await verdicts("&position=\(before + 1)") == [])
            #expect(try await verdicts("&position=\(before)&access_position=1") == ["fail"])
            #expect(try await verdicts("&access_position=1") == ["pass"])
        }
    }
}

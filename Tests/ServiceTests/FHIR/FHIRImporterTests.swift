import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service
import TestSupport
import Testing

@Suite(.service) struct FHIRImporterTests {
    private let clinic = TestClinic(start: Timestamp.now().adding(days: -200))

    private func run(_ resources: [JSON], in database: Database) async throws -> Importer.Report {
        try await run(resources.map { $0.canonical + "\n" }.joined(), in: database)
    }

    private func run(_ text: String, in database: Database) async throws -> Importer.Report {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/Patient.ndjson"
            try Data(text.utf8).write(to: URL(filePath: path))
            return try await FHIRImporter(database.recorder, log: clinic.log, actor: TestClinic.desk).run(path)
        }
    }

    private func details(_ id: UUID, _ database: Database) async throws -> JSON? {
        let stream = StreamID.patient(id).description
        let stored = try await database.ledger.streams([stream], of: clinic.log)[stream] ?? []
        return PatientState(try History(stored: stored, clinic: clinic.name)).details.map { FieldWriter.write($0) }
    }

    private func stored(_ id: UUID, _ database: Database) async throws -> [StoredEvent] {
        try await database.ledger.streams([StreamID.patient(id).description], of: clinic.log).values.first ?? []
    }

    @Test func patientsAreRegisteredOnce() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            let id = UUID()
            let resources = [FHIRResource.patient(id.lowercase), FHIRResource.patient("pat-2", mrn: "H-2").with(["meta": nil])]
            let report = try await run(resources, in: database)
            #expect(report.refused == [] && report.commands == 2 && report.repeated == 0)
            let event = try #require(try await stored(id, database).first)
            #expect(event.type == "PatientRegistered" && event.actor == TestClinic.desk)
            #expect(event.occurredAt.description == "2026-10-01T13:30:00.125000Z" && event.chartedAt == event.occurredAt)
            let again = try await run(resources, in: database)
            #expect(again.refused == [] && again.commands == 0 && again.repeated == 2)
            // In another order, in another process.
            try await withDatabase { other in
                let again = try await run(resources.reversed() + resources, in: other)
                #expect(again.refused == [] && again.commands == 0 && again.repeated == 4)
            }
            #expect(try await database.ledger.verify(clinic.log).isIntact)
        }
    }

    /// Changes, a removal, and back again; what the clinic corrected itself stays.
    @Test func whatTheSourceChangesIsRecorded() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            let id = UUID()
            let first = FHIRResource.patient(id.lowercase)
            try await #expect(run([first], in: database).commands == 1)
            let local = clinic.request(
                "patient/\(id.lowercase)", "PatientDetailsChanged", at: 60 * 24 * 199, ["phone": "555-0199", "reason": "Told at the desk."])
            try await clinic.record(local, by: TestClinic.desk, in: database)
            try await #expect(run([first], in: database).repeated == 1)
            #expect(try await details(id, database)?["phone"] == "555-0199")

            let moved = first.with(["birthDate": "1980-03-01", "address": nil, "meta": ["lastUpdated": "2026-10-02T00:00:00Z"]])
            let report = try await run([moved], in: database)
            #expect(report.commands == 1 && report.refused == [])
            let change = try #require(try await stored(id, database).last)
            #expect(change.type == "PatientDetailsChanged")
            let data = try JSON.parse(change.payload ?? "")
            #expect(data.with(["reason": nil]) == ["birth_date": "1980-03-01", "removed": ["address", "other_addresses"]])
            let now = try #require(try await details(id, database))
            #expect(now["birth_date"] == "1980-03-01" && now["address"] == nil && now["phone"] == "555-0199")
            try await #expect(run([moved], in: database).repeated == 1)

            // As it was: that is a change again, and no repeat of the first import.
            try await #expect(run([first], in: database).commands == 1)
            #expect(try await details(id, database)?["address"]?["city"] == "Durham")
            // Both in one file: each line stands on the one before.
            let both = try await run([moved, first, first, moved], in: database)
            #expect(both.commands == 3 && both.repeated == 1 && both.refused == [])
            #expect(try await details(id, database)?["address"] == nil)
            try await #expect(run([moved], in: database).repeated == 1)
        }
    }

    @Test func aPatientWhomTheClinicRegisteredIsMatched() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            try await clinic.record(clinic.registration(), by: TestClinic.desk, in: database)
            let resource = FHIRResource.patient(clinic.patient.lowercase)
            try await #expect(run([resource], in: database).commands == 1)
            #expect(try await stored(clinic.patient, database).map(\.type) == ["PatientRegistered", "PatientDetailsChanged"])
            #expect(try await details(clinic.patient, database)?["family"] == "Reed")
            try await #expect(run([resource], in: database).repeated == 1)
        }
    }

    @Test func badLinesAreReportedAndTheOthersGoIn() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            let future = Timestamp.now().adding(days: 1).description
            let lines = [
                FHIRResource.patient(mrn: "H-1").canonical, "not json", "", FHIRResource.patient().with(["birthDate": "1984"]).canonical,
                FHIRResource.patient(mrn: "H-2").canonical, FHIRResource.patient().with(["resourceType": "Group"]).canonical,
                FHIRResource.patient().with(["meta": ["lastUpdated": .string(future)]]).canonical,
                #"{"resourceType":"Patient","id":"a","id":"b"}"#, String(repeating: " ", count: 3 << 20) + "{}",
                FHIRResource.patient(mrn: "H-3").canonical,
            ]
            let report = try await run(lines.joined(separator: "\n"), in: database)
            #expect(report.commands == 3 && report.repeated == 0)
            #expect(report.refused.map(\.line) == [2, 4, 6, 7, 8, 9])
            #expect(
                report.refused.map(\.code) == [
                    "invalid-request", "invalid-request", "not-a-patient", "charted-in-the-future", "invalid-request", "line-too-long",
                ])
            #expect(report.refused.map { $0.problems.first?.pointer } == ["", "/birthDate", "/resourceType", "/meta/lastUpdated", "", nil])
        }
    }

    /// A resource may be older than the clinic, and its actor's enrolment.
    @Test func whoWasNotThereYetRegistersWhenTheyAre() async throws {
        try await withDatabase { database in
            let young = TestClinic(start: Timestamp.now().adding(days: -1))
            try await young.record(young.founding, in: database)
            let id = UUID()
            let report = try await run([FHIRResource.patient(id.lowercase)], in: database)
            #expect(report.refused == [] && report.commands == 1)
            let event = try #require(try await stored(id, database).first)
            #expect(event.occurredAt == young.start && event.chartedAt?.description == "2026-10-01T13:30:00.125000Z")
        }
    }

    @Test func whoMayNotRegisterIsToldBeforeAnythingIsRead() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            for (actor, code) in [("stranger", "actor-not-enrolled"), (TestClinic.administrator, "role-not-allowed")] {
                let importer = FHIRImporter(database.recorder, log: clinic.log, actor: actor)
                let error = await #expect(throws: RecordingError.self) { try await importer.run("/nonexistent") }
                #expect(error?.code == code)
            }
        }
    }

    /// Patients of Synthea (https://synthetichealth.github.io), where the data stands beside the project.
    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: synthea))) func patientsMadeByOthers() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            let text = try String(contentsOfFile: Self.synthea, encoding: .utf8)
            let resources = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
            let report = try await run(text, in: database)
            #expect(report.refused == [] && report.commands == resources.count && report.lines == resources.count)
            for resource in resources {
                let id = try #require(resource["id"]?.text.flatMap { UUID(canonical: $0) })
                let details = try #require(try await details(id, database))
                #expect(details["birth_date"] == resource["birthDate"] && details["sex"] == resource["gender"])
                func values(_ json: JSON?, _ key: String) -> Set<JSON?> { Set((json?.elements ?? []).map { $0[key] }) }
                #expect(values(details["identifiers"], "value") == values(resource["identifier"], "value"))
                let families = values(details["other_names"], "family").union([details["family"]])
                #expect(families == values(resource["name"], "family"))
                #expect(details["address"]?["line"] == resource["address"]?.elements?.first?["line"])
                #expect((details["deceased"] == true) == (resource["deceasedDateTime"] != nil))
            }
            let again = try await run(text, in: database)
            #expect(again.commands == 0 && again.repeated == resources.count)
        }
    }

    private static let synthea = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "../shared/data/synthea-10/Patient.ndjson").standardized
        .path
}

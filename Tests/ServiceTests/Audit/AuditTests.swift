import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import Service
import Simulation
import TestSupport
import Testing

/// An audit is a function of the stored bytes up to two positions: whoever runs it, wherever, however often.
@Suite(.service) struct AuditTests {
    private static let simulation = Simulation(
        clinics: 1, patients: 10, months: 4, seed: 11, start: CalendarDate(dayNumber: 20_000), hasFaults: true)

    /// Imports a simulated clinic with faults. Gives its name.
    private func filled(_ database: Database, _ directory: String) async throws -> String {
        var text = ""
        let outcome = Self.simulation.run(0) { text += $0 + "\n" }
        let file = directory + "/clinic.jsonl"
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try await Importer(database.recorder).run([file]).refused == [])
        return outcome.clinic
    }

    private struct Reports: Equatable {
        var markdown = ""
        var json = ""

        init(_ audit: Audit) {
            audit.writeMarkdown(to: &markdown)
            audit.writeJSON(to: &json)
        }
    }

    private func audit(_ logs: LogSources, _ position: Int64? = nil, access: Int64? = nil) async throws -> Audit {
        let bounds = try await logs.bounds(record: position, access: access)
        return try await Audit.run(logs, scope: AuditScope(clinic: logs.clinic, from: nil, to: nil, bounds: bounds))
    }

    private func audit(_ database: Database, _ clinic: String, _ position: Int64? = nil, access: Int64? = nil) async throws -> Reports {
        try await database.ledger.withSnapshot(of: clinic) { Reports(try await audit($0, position, access: access)) }
    }

    @Test func theSamePositionsGiveTheSameBytes() async throws {
        try await withDatabase { database in
            try await TemporaryDirectory.with { directory in
                let clinic = try await filled(database, directory)
                let log = try #require(LogName(clinic: clinic))
                let (size, accesses) = (
                    try await database.ledger.head(of: log).size, try await database.ledger.head(of: log.with(.access)).size
                )
                #expect(size > 300 && accesses > 0)
                let first = try await audit(database, clinic)
                #expect(try await audit(database, clinic) == first)
                #expect(try JSON.parse(first.json)["rule_set"] != nil)

                // From an export, with no database.
                let folder = try StagedFolder(for: directory + "/export")
                try await database.ledger.withSnapshot(of: clinic) { logs in
                    try await LogExport.write(logs, upTo: try await logs.bounds(), into: folder)
                }
                try folder.commit()
                let exported = try LogSources(export: directory + "/export", clinic: clinic)
                #expect(Reports(try await audit(exported)) == first)
                let half = try await audit(database, clinic, size / 2, access: accesses / 2)
                #expect(half != first)
                #expect(Reports(try await audit(exported, size / 2, access: accesses / 2)) == half)

                // What comes later changes nothing of what was known then, nor do the read models.
                try await database.projector.catchUp()
                try await database.projector.rebuild()
                let note = Self.note(try await anyPatient(database, clinic))
                _ = try await database.recorder.record(note.request, in: log, actor: note.actor)
                #expect(try await audit(database, clinic, size, access: accesses) == first)
                #expect(try await audit(database, clinic) != first)
            }
        }
    }

    /// Audit, read model and compliance view judge by one code from three sources; they must not differ.
    @Test func verdictsAreThoseOfTheReadModel() async throws {
        try await withDatabase { database in
            try await TemporaryDirectory.with { directory in
                let clinic = try await filled(database, directory)
                try await database.projector.catchUp()
                let shown = try await database.ledger.judgements(of: clinic)
                let audited = try await database.ledger.withSnapshot(of: clinic) { try await audit($0) }
                var counts: [String: [Verdict: Int]] = [:]
                for judgement in shown { counts[judgement.rule, default: [:]][judgement.verdict, default: 0] += 1 }
                #expect(counts.count > 20)
                #expect(audited.verdicts.filter { $0.key != "A1" } == counts)
            }
        }
    }

    /// A payload that was altered behind the log's back is a finding, and what it touches is not judged as if nothing were.
    @Test func tamperingIsAFinding() async throws {
        try await withDatabase { database in
            try await TemporaryDirectory.with { directory in
                let clinic = try await filled(database, directory)
                let before = try await audit(database, clinic)
                try await withSuperuser { connection in
                    try await connection.script(
                        """
                        ALTER TABLE dripline.events DISABLE TRIGGER ALL;
                        UPDATE dripline.events SET payload = replace(payload::text, '"heart_rate":', '"heart_rate":1')::json
                        WHERE position = (SELECT min(position) FROM dripline.events WHERE type = 'VitalsRecorded')
                        """)
                }
                let after = try await audit(database, clinic)
                #expect(before.markdown.contains("Both logs are intact"))
                #expect(!after.markdown.contains("Both logs are intact"))
                #expect(after.markdown.contains("the payload does not match its digest"))
            }
        }
    }

    private func anyPatient(_ database: Database, _ clinic: String) async throws -> (patient: UUID, actor: String) {
        let log = try #require(LogName(clinic: clinic))
        let event = try #require(
            try await database.ledger.events(of: log, EventQuery(type: "PatientRegistered", limit: 1)).first)
        return (try #require(StreamID(event.stream)?.id), event.actor)
    }

    private static func note(_ who: (patient: UUID, actor: String)) -> (request: AppendRequest, actor: String) {
        let json: JSON = [
            "command": .string(UUID().lowercase), "stream": .string("patient/\(who.patient.lowercase)"), "type": "NoteRecorded",
            "occurred_at": "2026-06-01T10:00:00Z", "data": ["text": "Called."],
        ]
        guard let request = try? AppendRequest(json, form: .single) else { preconditionFailure("the note is ill-formed") }
        return (request, who.actor)
    }
}

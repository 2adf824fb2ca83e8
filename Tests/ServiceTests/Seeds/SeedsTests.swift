import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service
import TestSupport
import Testing

/// Holds the program to what `seeds/README.md` says of the demonstration clinic.
@Suite(.service) struct SeedsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "seeds").path

    private struct Verdicts: Hashable, CustomStringConvertible {
        let stream: String
        let rule: String
        let verdict: String

        var description: String { "\(stream) \(rule) \(verdict)" }
    }

    private static func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }.sorted().map { folder + "/" + $0 }
    }

    /// The rows between `<!-- findings -->` and `<!-- /findings -->`, without the table's head.
    private static func findings() throws -> Set<Verdicts> {
        let readme = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
        let start = try #require(readme.range(of: "<!-- findings -->"))
        let end = try #require(readme.range(of: "<!-- /findings -->"))
        let rows = readme[start.upperBound..<end.lowerBound].split(separator: "\n").dropFirst(2)
        return Set(
            rows.map { row in
                let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                return Verdicts(stream: cells[0], rule: cells[1], verdict: cells[2])
            })
    }

    @Test func theComplianceViewSaysWhatTheReadmeSays() async throws {
        try await withDatabase { database in
            let report = try await Importer(database.recorder).run(try Self.files())
            #expect(report.refused == [])
            #expect(report.clinics == ["hickory"])
            try await database.projector.catchUp()
            let judgements = try await database.ledger.judgements(of: "hickory")
            let shown = judgements.filter { $0.verdict != .pass && $0.verdict != .notApplicable }.map {
                Verdicts(stream: $0.stream.description, rule: $0.rule, verdict: $0.verdict.rawValue)
            }
            let expected = try Self.findings()
            #expect(expected.count > 12)
            let missing = expected.subtracting(shown).map(\.description).sorted()
            let unexpected = Set(shown).subtracting(expected).map(\.description).sorted()
            #expect(missing == [], "the README has these, the view does not")
            #expect(unexpected == [], "the view has these, the README does not")
            #expect(shown.count == Set(shown).count)

            // Folded from the log, as of its end, it is the same.
            let log = try #require(LogName(clinic: "hickory"))
            let head = try await database.ledger.head(of: log).size
            let end = AsOf(record: head, access: try await database.ledger.head(of: log.with(.access)).size)
            #expect(try await database.ledger.judgements(of: "hickory", ComplianceQuery(), asOf: end) == judgements)
            #expect(try await database.ledger.verify(log).isIntact)

            let again = try await Importer(database.recorder).run(try Self.files())
            #expect(again.commands == 0 && again.refused == [] && again.repeated == report.commands)
            #expect(try await database.ledger.head(of: log).size == head)
        }
    }

    @Test func theClinicIsAsLargeAsItMustBe() async throws {
        try await withDatabase { database in
            _ = try await Importer(database.recorder).run(try Self.files())
            try await database.projector.catchUp()
            let patients = try await database.ledger.patients(matching: "", clinic: "hickory", limit: 1000)
            #expect(patients.count >= 12)
            var sessions = 0
            for patient in patients {
                sessions += try #require(await database.ledger.chart(of: patient.id, clinic: "hickory")).sessions.count
            }
            #expect(sessions >= 40)
        }
    }
}

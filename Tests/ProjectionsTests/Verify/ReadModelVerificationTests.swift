import Clinic
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Every row of every read model against a fresh fold of the log.
@Suite(.projections, .timeLimit(.minutes(10))) struct ReadModelVerificationTests {
    private func filled(_ seed: UInt64 = 61, events: Int = 260, _ body: (Workbench, inout RandomClinic) async throws -> Void) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: events))
            try await bench.projector.catchUp()
            try await body(bench, &clinic)
        }
    }

    @Test func beforeAProjectorRanThereIsNothingToCompare() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 60)
            try await bench.append(clinic.work(events: 20))
            let result = try await bench.ledger.verifyReadModels(of: "hickory")
            #expect(result.isIntact && result.compared.isEmpty && result.rows == 0)
        }
    }

    @Test func everyRowIsCompared() async throws {
        try await filled { bench, clinic in
            let result = try await bench.ledger.verifyReadModels(of: "hickory")
            #expect(result.isIntact, "\(result.findings)")
            #expect(result.compared == allProjections.map { $0.name })
            #expect(try await bench.tables().count == result.rows)
            // The tables may lag behind: they are compared as of where they are.
            try await bench.append(clinic.work(events: 40))
            let later = try await bench.ledger.verifyReadModels(of: "hickory")
            #expect(later.isIntact, "\(later.findings)")
            #expect(later.rows == result.rows)
        }
    }

    /// What is done to the tables, and what is found: the read model, the table, the column.
    private static let tamperings: [(sql: String, place: String, column: String?, what: String)] = [
        (
            """
            UPDATE compliance.verdicts SET verdict = 'pass', sentence = 'All well.'
            WHERE ctid = (SELECT min(ctid) FROM compliance.verdicts WHERE verdict <> 'pass')
            """,
            "compliance.verdicts", "verdict", "it differs"
        ),
        (
            "UPDATE patient_chart.patients SET family = 'Other' WHERE ctid = (SELECT min(ctid) FROM patient_chart.patients)",
            "patient_chart.patients", "family", "it differs"
        ),
        (
            """
            UPDATE session_flowsheet.vitals SET heart_rate = coalesce(heart_rate, 60) + 1
            WHERE ctid = (SELECT max(ctid) FROM session_flowsheet.vitals)
            """,
            "session_flowsheet.vitals", "heart_rate", "it differs"
        ),
        (
            "DELETE FROM session_flowsheet.vitals WHERE ctid = (SELECT max(ctid) FROM session_flowsheet.vitals)",
            "session_flowsheet.vitals", nil, "the row is missing"
        ),
        (
            "INSERT INTO compliance.verdicts SELECT (jsonb_populate_record(v, '{\"rule\":\"Z9\"}')).* FROM compliance.verdicts v LIMIT 1",
            "compliance.verdicts", nil, "one too many"
        ),
        (
            """
            INSERT INTO schedule.visits
            SELECT (jsonb_populate_record(v, '{"stream":"session/00000000-0000-7000-8000-000000000001"}')).* FROM schedule.visits v LIMIT 1
            """,
            "schedule.visits", nil, "a stream that the log does not have"
        ),
        (
            "UPDATE drug_ledger.vials SET clinic = 'elsewhere' WHERE ctid = (SELECT min(ctid) FROM drug_ledger.vials)",
            "drug_ledger.vials", nil, "clinics that have no log"
        ),
        ("UPDATE projections.checkpoints SET position = position + 5 WHERE name = 'outcomes'", "outcomes", nil, "stands at position"),
        ("UPDATE projections.models SET version = version + 1 WHERE name = 'outcomes'", "outcomes", nil, "not compared"),
        ("DELETE FROM projections.models WHERE name = 'outcomes'", "outcomes", nil, "bookkeeping"),
        ("ALTER TABLE schedule.visits DROP COLUMN clinic CASCADE", "schedule.visits", "clinic", "the column is missing"),
        ("DROP TABLE outcomes.series CASCADE", "outcomes.series", nil, "the table is missing"),
    ]

    @Test(arguments: tamperings.indices) func aRowThatDiffersIsNamed(index: Int) async throws {
        let tampering = Self.tamperings[index]
        try await filled { bench, _ in
            try await bench.superuser.script(tampering.sql)
            let result = try await bench.ledger.verifyReadModels(of: "hickory")
            let found = result.findings.contains {
                "\($0)".hasPrefix(tampering.place) && $0.what.contains(tampering.what)
                    && (tampering.column == nil || $0.column == tampering.column)
            }
            #expect(found, "\(tampering.sql): \(result.findings)")
            #expect(!result.isIntact)
        }
    }

    /// A tampered event changes what the fold makes; one that cannot be read any more is named, and the other streams are still compared.
    @Test func aTamperedLogShowsInTheReadModels() async throws {
        try await filled { bench, _ in
            try await bench.superuser.script(
                """
                ALTER TABLE dripline.events DISABLE TRIGGER ALL;
                UPDATE dripline.events SET payload = '{"x":1}'
                WHERE position = (SELECT max(position) FROM dripline.events WHERE type = 'VitalsRecorded')
                """)
            let result = try await bench.ledger.verifyReadModels(of: "hickory")
            #expect(result.findings.contains { $0.what.hasPrefix("not compared: The event at position ") })
            #expect(result.rows > 50)
        }
    }

    /// While events are folded in and the tables are rebuilt and switched.
    @Test func goesOnWhileTheTablesAreSwitched() async throws {
        try await filled(62, events: 120) { bench, clinic in
            let done = Flag()
            let more = (0..<10).map { _ in clinic.work(events: 10) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<3 { try await bench.projector.rebuild(jobs: 1) }
                    done.raise()
                }
                group.addTask {
                    for commands in more {
                        try await bench.append(commands)
                        try await bench.projector.catchUp()
                    }
                }
                while !done.isRaised {
                    let result = try await bench.ledger.verifyReadModels(of: "hickory")
                    #expect(result.isIntact, "\(result.findings)")
                }
                try await group.waitForAll()
            }
        }
    }
}

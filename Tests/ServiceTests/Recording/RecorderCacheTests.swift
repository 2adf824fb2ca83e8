import Canonical
import Foundation
import Ledger
import Postgres
import Service
import TestSupport
import Testing

/// What a recorder remembers of the log is a hint: it never lets anything in, or keeps anything out, that the log would not.
@Suite(.service) struct RecorderCacheTests {
    private let clinic = TestClinic()

    /// Both processes know the session; then only one of them is told what happens there.
    private func withTwo(_ body: (_ knowing: Database, _ stale: Database, UUID) async throws -> Void) async throws {
        try await withDatabase { knowing in
            try await withDatabase { stale in
                let session = UUID()
                try await clinic.begin(session, in: knowing)
                for database in [knowing, stale] {
                    try await clinic.record(clinic.dose(session, from: 35, to: 35, at: 23), by: TestClinic.nurse, in: database)
                }
                try await body(knowing, stale, session)
            }
        }
    }

    private func code(_ request: JSON, in database: Database) async throws -> String? {
        do {
            try await clinic.record(request, by: TestClinic.nurse, in: database)
            return nil
        } catch let error as RecordingError {
            return error.code
        }
    }

    @Test func nothingIsRefusedForWhatWasOnceSo() async throws {
        try await withTwo { knowing, stale, session in
            try await clinic.record(clinic.stop(session, at: 30), by: TestClinic.nurse, in: knowing)
            #expect(try await code(clinic.dose(session, from: 35, to: 36, at: 31), in: stale) == "no-infusion-running")
            try await clinic.record(clinic.infusion(session, from: 30)[2].request, by: TestClinic.nurse, in: knowing)
            try await clinic.record(clinic.dose(session, from: 35, to: 50, at: 33), by: TestClinic.nurse, in: knowing)
            #expect(try await code(clinic.dose(session, from: 50, to: 51, at: 34), in: stale) == nil)
        }
    }

    @Test func nothingIsAcceptedForWhatWasOnceSo() async throws {
        try await withTwo { knowing, stale, session in
            try await clinic.record(clinic.dose(session, from: 35, to: 40, at: 30), by: TestClinic.nurse, in: knowing)
            #expect(try await code(clinic.dose(session, from: 35, to: 45, at: 31), in: stale) == "stale-rate")
            let withdrawal = clinic.request(
                clinic.patientStream, "ConsentWithdrawn", at: 31, ["reason": "Changed their mind.", "taken_by": .string(TestClinic.nurse)])
            try await clinic.record(withdrawal, by: TestClinic.nurse, in: knowing)
            #expect(try await code(clinic.dose(session, from: 40, to: 45, at: 32), in: stale) == "gate-consent")
            try await clinic.record(clinic.stop(session, at: 33), by: TestClinic.nurse, in: knowing)
            #expect(try await code(clinic.stop(session, at: 34), in: stale) == "no-infusion-running")
        }
    }

    /// That the expected version holds does not mean that the decision was made on it.
    @Test func anExpectedVersionDoesNotVouchForAnOldDecision() async throws {
        try await withTwo { knowing, stale, session in
            try await clinic.record(clinic.dose(session, from: 35, to: 40, at: 30), by: TestClinic.nurse, in: knowing)
            let version = Int(try #require(try await clinic.events(of: knowing, stream: session).last).version)
            let more: [String: JSON] = ["expected_version": .number(JSONNumber(version))]
            #expect(try await code(clinic.dose(session, from: 35, to: 45, at: 31, more: more), in: stale) == "stale-rate")
            #expect(try await code(clinic.dose(session, from: 40, to: 45, at: 31, more: more), in: stale) == nil)
        }
    }

    /// Connections are cut while requests are under way: each is recorded once, whatever became of its commit.
    @Test func everyRequestEndsKnownThroughLostConnections() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let isOver = Flag()
            let (writers, each) = (4, 15)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await withSuperuser { superuser in
                        while !isOver.isUp {
                            try await superuser.execute(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = current_database()",
                                [serviceLogin])
                            try await Task.sleep(for: .milliseconds(100))
                        }
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { writing in
                    defer { isOver.raise() }
                    for _ in 0..<writers {
                        writing.addTask { for _ in 0..<each { try await insist(clinic.vitals(session, at: 30), in: database) } }
                    }
                    try await writing.waitForAll()
                }
                try await group.waitForAll()
            }
            let vitals = try await clinic.events(of: database, stream: session).filter { $0.type == "VitalsRecorded" }
            #expect(vitals.count == writers * each)
            #expect(try await database.ledger.verify(clinic.log).isIntact)
        }
    }

    /// Sends the same request until its fate is known.
    private func insist(_ request: JSON, in database: Database) async throws {
        for _ in 0..<50 {
            do {
                try await clinic.record(request, by: TestClinic.nurse, in: database)
                return
            } catch RecordingError.ledger(.unreachable) {}
        }
        Issue.record("the database was never reached")
    }
}

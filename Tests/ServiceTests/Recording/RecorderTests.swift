import Canonical
import Clinic
import Foundation
import Ledger
import Service
import TestSupport
import Testing

@Suite(.service) struct RecorderTests {
    private let clinic = TestClinic()

    /// What recording a request is refused with.
    private func refusal(_ request: JSON, by actor: String, in database: Database) async throws -> RecordingError? {
        do {
            try await clinic.record(request, by: actor, in: database)
            return nil
        } catch let error as RecordingError {
            return error
        }
    }

    @Test func recordsACourseOfCare() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let recorded = try await clinic.record(
                clinic.vitals(session, at: 24), by: TestClinic.nurse, in: database)
            #expect(!recorded.isRepeat)
            let events = try await clinic.events(of: database)
            #expect(events.map(\.position) == Array(1...Int64(events.count)))
            let last = try #require(events.last)
            #expect(recorded.receipts.map(\.event) == [last.event])
            #expect(last.actor == TestClinic.nurse && last.type == "VitalsRecorded" && last.version == 4)
            #expect(try await database.ledger.verify(clinic.log).isIntact)
        }
    }

    @Test func aRepeatAnswersWithTheFirstReceipts() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let request = clinic.dose(session, from: 35, to: 40, at: 30)
            let first = try await clinic.record(request, by: TestClinic.nurse, in: database)
            // By now it could not be decided any more: the rate is another, and the infusion is over.
            try await clinic.record(clinic.dose(session, from: 40, to: 45, at: 31), by: TestClinic.nurse, in: database)
            try await clinic.record(clinic.stop(session, at: 32), by: TestClinic.nurse, in: database)
            let again = try await clinic.record(request, by: TestClinic.nurse, in: database)
            #expect(again.isRepeat && again.receipts == first.receipts)
            // Nor does it matter who has it in a cache.
            try await withDatabase { other in
                let again = try await clinic.record(request, by: TestClinic.nurse, in: other)
                #expect(again.isRepeat && again.receipts == first.receipts)
            }
        }
    }

    @Test func aCommandWithOtherContentIsRefused() async throws {
        try await withDatabase { database in
            let session = UUID()
            let command = UUID()
            try await clinic.begin(session, in: database)
            try await clinic.record(clinic.vitals(session, at: 30, command: command), by: TestClinic.nurse, in: database)
            let before = try await clinic.events(of: database).count
            let others = [
                clinic.vitals(session, at: 30, heartRate: 81, command: command), clinic.vitals(session, at: 31, command: command),
                clinic.dose(session, from: 35, to: 40, at: 30, command: command),
            ]
            for other in others {
                let error = try await refusal(other, by: TestClinic.nurse, in: database)
                #expect(error?.code == "command-reused" && error?.status == 409)
                #expect(error?.problems.map(\.pointer) == ["/command"])
            }
            #expect(
                try await refusal(clinic.vitals(session, at: 30, command: command), by: "somebody", in: database)?.code == "command-reused")
            #expect(try await clinic.events(of: database).count == before)
        }
    }

    @Test func anExpectedVersionThatIsNotThereIsAConflict() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let request = clinic.dose(session, from: 35, to: 40, at: 30, more: ["expected_version": 2])
            let error = try #require(try await refusal(request, by: TestClinic.nurse, in: database))
            #expect(error.code == "version-conflict" && error.status == 409 && error.problems.map(\.pointer) == ["/expected_version"])
            guard case .versionConflict(let stream, let expected, let actual) = error else { return }
            #expect(stream == "session/\(session.lowercase)" && expected == 2 && actual == 3)
            let ahead = clinic.dose(session, from: 35, to: 40, at: 30, more: ["expected_version": 4])
            #expect(try await refusal(ahead, by: TestClinic.nurse, in: database)?.code == "version-conflict")
            let right = clinic.dose(session, from: 35, to: 40, at: 30, more: ["expected_version": 3])
            #expect(try await refusal(right, by: TestClinic.nurse, in: database) == nil)
        }
    }

    @Test func refusesInTheWordsOfTheDecision() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.record(clinic.founding, in: database)
            #expect(try await refusal(clinic.vitals(session, at: 30), by: TestClinic.nurse, in: database)?.status == 404)
            try await clinic.record(clinic.admission + [(TestClinic.desk, clinic.arrival(session, at: 20))], in: database)
            let iv = clinic.infusion(session)[1].request
            #expect(try await refusal(iv, by: TestClinic.desk, in: database)?.status == 403)
            let withdrawal = clinic.request(
                clinic.patientStream, "ConsentWithdrawn", at: 20, ["reason": "Changed their mind.", "taken_by": .string(TestClinic.nurse)])
            try await clinic.record(withdrawal, by: TestClinic.nurse, in: database)
            let error = try await refusal(iv, by: TestClinic.nurse, in: database)
            #expect(error?.gate == .consent && error?.status == 422 && error?.code == "gate-consent")
        }
    }

    @Test(arguments: ["", " ", "nurse joy", "é", String(repeating: "a", count: 65), "-x"])
    func theActorMustBeAHandle(_ actor: String) async throws {
        try await withDatabase { database in
            let error = try await refusal(clinic.founding[0].request, by: actor, in: database)
            #expect(error?.code == "invalid-name" && error?.status == 422)
        }
    }

    @Test func aListGoesInWholeOrNotAtAll() async throws {
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let vitals: JSON = [
                "type": "VitalsRecorded", "occurred_at": .string(clinic.at(30)),
                "data": ["phase": "infusion", "heart_rate": 80, "source": "manual"],
            ]
            let stop: JSON = [
                "type": "InfusionStopped", "occurred_at": .string(clinic.at(31)),
                "data": ["reason": "complete", "total_mg": 1, "total_ml": 1],
            ]
            func request(_ events: JSON...) -> JSON {
                ["command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"), "events": .array(events)]
            }
            let before = try await clinic.events(of: database).count
            let error = try await refusal(request(vitals, stop, stop), by: TestClinic.nurse, in: database)
            #expect(error?.code == "no-infusion-running")
            #expect(try await clinic.events(of: database).count == before)
            let recorded = try await clinic.record(request(vitals, stop), by: TestClinic.nurse, in: database)
            #expect(recorded.receipts.map(\.position) == [Int64(before) + 1, Int64(before) + 2])
        }
    }
}

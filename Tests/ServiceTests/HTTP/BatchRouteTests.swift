import Canonical
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// An array of requests: all of them or none.
@Suite(.service) struct BatchRouteTests {
    private let clinic = TestClinic()
    private let path = "/v1/clinics/hickory/events"

    @Test func aWholeVisitGoesDownInOneCommit() async throws {
        try await withService { [clinic, path] client, database in
            try await clinic.record(clinic.founding + clinic.admission, in: database)
            let (session, size) = (UUID(), try await clinic.events(of: database).count)
            var visit = clinic.infusion(session).dropFirst().map(\.request)
            visit.append(clinic.dose(session, from: 35, to: 40, at: 23))
            visit.append(clinic.vitals(session, at: 24))
            try await clinic.record(clinic.arrival(session, at: 20), by: TestClinic.desk, in: database)
            let batch = JSON.array(visit)
            let answer = try await client.post(path, batch, by: TestClinic.nurse)
            #expect(answer.status == 201)
            let results = try answer.json["results"]?.asArray ?? []
            #expect(results.map { $0["command"] } == visit.map { $0["command"] })
            let events = results.flatMap { $0["events"]?.asArray ?? [] }
            #expect(events.map { $0["position"]?.asInt } == Array(Int64(size) + 2...Int64(size) + 5))
            #expect(events.map { $0["version"]?.asInt } == [2, 3, 4, 5])
            // One commit has one time.
            #expect(Set(events.map { $0["recorded_at"]?.asString }).count == 1)

            let again = try await client.post(path, batch, by: TestClinic.nurse)
            #expect(again.status == 200)
            let repeated = try again.json["results"]?.asArray ?? []
            #expect(repeated.allSatisfy { $0["repeated"] == true } && repeated.map { $0["events"] } == results.map { $0["events"] })
            #expect(try await clinic.events(of: database).count == size + 5)
        }
    }

    @Test func oneThatDoesNotFitStopsAll() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let size = try await clinic.events(of: database).count
            let good = clinic.vitals(session, at: 30)
            func expect(
                _ batch: [JSON], _ status: Int, _ slug: String, _ pointers: [String], sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let answer = try await client.post(path, .array(batch), by: TestClinic.nurse)
                #expect(answer.status == status, sourceLocation: sourceLocation)
                #expect(try answer.problem == slug, sourceLocation: sourceLocation)
                #expect(try answer.pointers == pointers, sourceLocation: sourceLocation)
                #expect(try await clinic.events(of: database).count == size, sourceLocation: sourceLocation)
            }
            try await expect([good, clinic.vitals(session, at: 31, heartRate: 300)], 422, "invalid-request", ["/1/data/heart_rate"])
            try await expect([good, clinic.vitals(UUID(), at: 31)], 404, "unknown-session", ["/1"])
            try await expect([good, clinic.dose(session, from: 30, to: 40, at: 31)], 409, "stale-rate", ["/1/data/from_rate_mg_per_h"])
            // Judged on top of the first: the rate is 40 by then.
            let doses = [clinic.dose(session, from: 35, to: 40, at: 31), clinic.dose(session, from: 35, to: 38, at: 32)]
            try await expect(doses, 409, "stale-rate", ["/1/data/from_rate_mg_per_h"])
            try await expect([good, clinic.dose(session, from: 35, to: 60, at: 31)], 422, "gate-dose", ["/1"])
            try await expect(
                [good, clinic.dose(session, from: 35, to: 40, at: 31, more: ["expected_version": 2])], 409, "version-conflict",
                ["/1/expected_version"])
            try await expect([good, good], 422, "invalid-request", ["/1/command"])
            let access = clinic.request(
                "access/\(clinic.patient.lowercase)", "BreakGlassInvoked", at: 30,
                ["patient": .string(clinic.patient.lowercase), "reason": "Collapsed."])
            try await expect([good, access], 422, "invalid-request", ["/1/stream"])
            try await expect([], 422, "invalid-request", [""])
            let many = (0..<Recorder.maximumRequestsTogether + 1).map { _ in clinic.vitals(session, at: 30) }
            try await expect(many, 422, "invalid-request", [""])
            try await expect([good, 3], 422, "invalid-request", ["/1"])
        }
    }

    @Test func aCommandOfTheBatchThatWasUsedStopsAll() async throws {
        try await withService { [clinic, path] client, database in
            let (session, used) = (UUID(), UUID())
            try await clinic.begin(session, in: database)
            try await clinic.record(clinic.vitals(session, at: 30, command: used), by: TestClinic.nurse, in: database)
            let size = try await clinic.events(of: database).count
            let other = clinic.vitals(session, at: 31)
            let answer = try await client.post(path, [other, clinic.vitals(session, at: 32, command: used)], by: TestClinic.nurse)
            #expect(answer.status == 409)
            #expect(try answer.problem == "command-reused" && answer.pointers == ["/1/command"])
            #expect(try await clinic.events(of: database).count == size)
            // The same with the same content: it is recorded already, and the rest goes in.
            let mixed = try await client.post(path, [other, clinic.vitals(session, at: 30, command: used)], by: TestClinic.nurse)
            #expect(mixed.status == 201)
            #expect(try mixed.json["results"]?.asArray.map { $0["repeated"] } == [false, true])
        }
    }

    /// Each batch raises the rate twice; whoever comes second decides anew, and is told that the rate is another.
    @Test func batchesAtTheSameTimeDoNotMix() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<6 {
                    tasks.addTask {
                        let batch: JSON = [
                            clinic.dose(session, from: 35, to: 38, at: 30), clinic.dose(session, from: 38, to: 40, at: 31),
                        ]
                        return try await client.post(path, batch, by: TestClinic.nurse).status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201, 409, 409, 409, 409, 409])
            let doses = try await clinic.events(of: database, stream: session).filter { $0.type == "DoseAdjusted" }
            #expect(doses.count == 2 && doses[1].position == doses[0].position + 1)
        }
    }
}

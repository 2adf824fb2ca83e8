import Canonical
import Clinic
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// Several processes that write to the same session, each with a recorder (and so a cache) of its own.
@Suite(.service) struct RecorderRaceTests {
    private let clinic = TestClinic()

    /// How each of these requests ends: nil, or the code of its refusal.
    private func race(_ requests: [JSON], by actor: String, in databases: [Database]) async -> [String?] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, request) in requests.enumerated() {
                let database = databases[index % databases.count]
                group.addTask {
                    do {
                        try await clinic.record(request, by: actor, in: database)
                        return (index, nil)
                    } catch {
                        return (index, (error as? RecordingError)?.code ?? "\(error)")
                    }
                }
            }
            var endings: [String?] = Array(repeating: nil, count: requests.count)
            for await (index, ending) in group { endings[index] = ending }
            return endings
        }
    }

    /// Each step may be taken once, from its own rate: whoever comes second must be refused, whatever it had in its cache.
    @Test func theChainOfDosesStaysWhole() async throws {
        try await withDatabase { one in
            try await withDatabase { two in
                let session = UUID()
                try await clinic.begin(session, in: one)
                var rate = 35
                for step in 0..<8 {
                    let minute = Int64(30 + step)
                    let requests = (0..<12).map { clinic.dose(session, from: rate, to: rate + 1 + $0 % 3, at: minute) }
                    let endings = await race(requests, by: TestClinic.nurse, in: [one, two])
                    #expect(endings.filter { $0 == nil }.count == 1, "\(endings)")
                    #expect(endings.allSatisfy { $0 == nil || $0 == "stale-rate" }, "\(endings)")
                    rate = try await self.rate(of: session, in: one)
                }
                let doses = try await clinic.events(of: one, stream: session).filter { $0.type == "DoseAdjusted" }
                #expect(doses.count == 8)
            }
        }
    }

    /// Many take the rate that they find and go on from it until they get in.
    @Test func everyValidDoseGetsIn() async throws {
        try await withDatabase { one in
            try await withDatabase { two in
                let session = UUID()
                try await clinic.begin(session, in: one)
                let (writers, each) = (6, 4)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<writers {
                        let database = writer.isMultiple(of: 2) ? one : two
                        group.addTask {
                            for _ in 0..<each { try await raise(session, in: database) }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await rate(of: session, in: one) == 35 + writers * each)
                #expect(try await clinic.events(of: one, stream: session).count == 3 + writers * each)
            }
        }
    }

    @Test func ofRacingStopsOneGetsIn() async throws {
        try await withDatabase { one in
            try await withDatabase { two in
                for _ in 0..<5 {
                    let session = UUID()
                    if try await clinic.events(of: one).isEmpty {
                        try await clinic.begin(session, in: one)
                    } else {
                        try await clinic.record(clinic.infusion(session), in: one)
                    }
                    // Both have the running infusion in their caches.
                    for database in [one, two] {
                        try await clinic.record(clinic.vitals(session, at: 23), by: TestClinic.nurse, in: database)
                    }
                    let stops = await race((0..<6).map { _ in clinic.stop(session, at: 30) }, by: TestClinic.nurse, in: [one, two])
                    #expect(stops.filter { $0 == nil }.count == 1, "\(stops)")
                    #expect(stops.allSatisfy { $0 == nil || $0 == "no-infusion-running" }, "\(stops)")
                    let removals = await race((0..<6).map { _ in clinic.ivRemoved(session, at: 31) }, by: TestClinic.nurse, in: [one, two])
                    #expect(removals.filter { $0 == nil }.count == 1, "\(removals)")
                    #expect(removals.allSatisfy { $0 == nil || $0 == "no-iv-in" }, "\(removals)")
                }
            }
        }
    }

    @Test func ofRacingResolutionsOneGetsIn() async throws {
        try await withDatabase { one in
            try await withDatabase { two in
                let session = UUID()
                try await clinic.begin(session, in: one)
                let stream = "session/\(session.lowercase)"
                let observed = try await clinic.record(
                    clinic.request(
                        stream, "SideEffectObserved", at: 25,
                        ["effect": "nausea", "grade": 1, "relatedness": "probable", "action": "none"]),
                    by: TestClinic.nurse, in: one)
                let resolution: JSON = ["effect": "nausea", "observed": .string(observed.receipts[0].event.lowercase)]
                let endings = await race(
                    (0..<8).map { _ in clinic.request(stream, "SideEffectResolved", at: 30, resolution) }, by: TestClinic.nurse,
                    in: [one, two])
                #expect(endings.filter { $0 == nil }.count == 1, "\(endings)")
                #expect(endings.allSatisfy { $0 == nil || $0 == "already-resolved" }, "\(endings)")
            }
        }
    }

    /// Monitors that write without a pause must not keep a stop or a removal out.
    @Test func chartingGetsInUnderContention() async throws {
        try await withDatabase { one in
            try await withDatabase { two in
                try await clinic.record(clinic.founding + clinic.admission, in: one)
                for _ in 0..<3 {
                    let session = UUID()
                    try await clinic.record(clinic.infusion(session), in: one)
                    let isOver = Flag()
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        defer { isOver.raise() }
                        for database in [one, two, one, two] { group.addTask { try await monitor(session, in: database, until: isOver) } }
                        try await clinic.record(clinic.stop(session, at: 40), by: "anyone", in: one)
                        try await clinic.record(clinic.ivRemoved(session, at: 41), by: "anyone", in: two)
                        isOver.raise()
                        let written = try await group.reduce(0, +)
                        let types = try await clinic.events(of: one, stream: session).map(\.type)
                        #expect(types.filter { $0 == "VitalsRecorded" }.count == written)
                        #expect(types.filter { $0 == "InfusionStopped" || $0 == "IVRemoved" } == ["InfusionStopped", "IVRemoved"])
                    }
                }
            }
        }
    }

    private func monitor(_ session: UUID, in database: Database, until isOver: Flag) async throws -> Int {
        var written = 0
        while !isOver.isUp {
            try await clinic.record(clinic.vitals(session, at: 30), by: "monitor", in: database)
            written += 1
        }
        return written
    }

    private func raise(_ session: UUID, in database: Database) async throws {
        while true {
            let rate = try await rate(of: session, in: database)
            do {
                try await clinic.record(clinic.dose(session, from: rate, to: rate + 1, at: 30), by: TestClinic.nurse, in: database)
                return
            } catch RecordingError.refused(let refusal) where refusal.code == "stale-rate" {
            } catch RecordingError.contended {
            }
        }
    }

    /// The rate in force by the log, which also holds that each dose goes on from the one before it.
    private func rate(of session: UUID, in database: Database) async throws -> Int {
        var rate = 35
        for event in try await clinic.events(of: database, stream: session) where event.type == "DoseAdjusted" {
            let data = try JSON.parse(try #require(event.payload))
            #expect(data["from_rate_mg_per_h"] == .number(JSONNumber(rate)))
            guard case .number(let to)? = data["to_rate_mg_per_h"] else { break }
            rate = Int(try #require(to.int64))
        }
        return rate
    }
}

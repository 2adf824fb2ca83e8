import Canonical
import Clinic
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Projections

/// What the live projector keeps of the log between its steps makes no difference to what it writes.
@Suite(.projections, .timeLimit(.minutes(10))) struct WarmHistoriesTests {
    private static let note: EventBody = {
        guard let body = try? EventBody(type: "NoteRecorded", data: ["text": "Well."]) else { preconditionFailure("no note") }
        return body
    }()

    private static func history(_ count: Int64, from first: Int64 = 1) -> History {
        History(
            (first..<first + count).map { position in
                ChartEvent(
                    position: position, version: position, id: UUID(), stream: .session(UUID()), actor: "nia", command: UUID(),
                    occurredAt: Timestamp(microseconds: position), recordedAt: Timestamp(microseconds: position),
                    body: Self.note)
            })
    }

    @Test func whatIsKeptIsFoundUpToAPosition() {
        let warm = WarmHistories()
        let nothing = LogPositions()
        let history = Self.history(9)
        #expect(warm.find(["a"], of: "hickory", upTo: 9, erasures: nothing).isEmpty)
        warm.keep(["a": history], of: "hickory", erasures: nothing)
        #expect(warm.find(["a", "b"], of: "hickory", upTo: 9, erasures: nothing) == ["a": history])
        #expect(warm.find(["a"], of: "hickory", upTo: 4, erasures: nothing)["a"]?.version == 4)
        #expect(warm.find(["a"], of: "alder", upTo: 9, erasures: nothing).isEmpty)
        // Somebody who was behind does not take back what another read.
        warm.keep(["a": history.upTo(3)], of: "hickory", erasures: nothing)
        #expect(warm.find(["a"], of: "hickory", upTo: 9, erasures: nothing) == ["a": history])
    }

    @Test func anErasureEndsWhatIsKeptOfItsClinic() {
        let warm = WarmHistories()
        var erased = LogPositions()
        for clinic in ["hickory", "alder"] {
            #expect(warm.find(["a"], of: clinic, upTo: 9, erasures: erased).isEmpty)
            warm.keep(["a": Self.history(9)], of: clinic, erasures: erased)
        }
        erased.record = 7
        #expect(warm.find(["a"], of: "hickory", upTo: 9, erasures: erased).isEmpty)
        #expect(warm.find(["a"], of: "alder", upTo: 9, erasures: LogPositions()).count == 1)
        // What was read before it comes too late.
        warm.keep(["a": Self.history(9)], of: "hickory", erasures: LogPositions())
        #expect(warm.find(["a"], of: "hickory", upTo: 9, erasures: erased).isEmpty)
    }

    @Test func memoryIsBounded() {
        let warm = WarmHistories(limit: 100)
        let nothing = LogPositions()
        _ = warm.find([], of: "hickory", upTo: 9, erasures: nothing)
        for number in 0..<200 {
            warm.keep(["\(number)": Self.history(4), "used": Self.history(4)], of: "hickory", erasures: nothing)
        }
        let all = (0..<200).map { "\($0)" }
        let held = warm.find(all + ["used"], of: "hickory", upTo: 9, erasures: nothing)
        #expect((5...24).contains(held.count) && held["used"] != nil && held["199"] != nil)
        // One that would fill it alone is not kept.
        warm.keep(["199": Self.history(40)], of: "hickory", erasures: nothing)
        #expect(warm.find(["199"], of: "hickory", upTo: 99, erasures: nothing).isEmpty)
    }

    @Test(arguments: UInt64(301)...304) func liveStepsComeToTheSameAsACleanRun(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: 60))
            let running = Task { [bench] in try await bench.projector.run() }
            defer { running.cancel() }
            for round in 0..<40 {
                try await bench.append(clinic.work(events: Int.random(in: 1...8, using: &clinic.random)))
                if round.isMultiple(of: 8) { try await arrive(bench) }
            }
            try await arrive(bench)
            // Erased while its streams are warm; then the clinic goes on.
            try await ErasureTests.closeAll(clinic, bench)
            try await arrive(bench)
            let erasure = ErasureTests.request(clinic.patients[0])
            _ = try await ErasureTests.eraser(bench).erase(erasure, clinic: "hickory", now: clinic.clock)
            try await bench.append(Self.notes(on: clinic.sessions.prefix(20), at: clinic.clock))
            try await arrive(bench)
            running.cancel()
            _ = await running.result
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live, "seed \(seed): from nothing against live")
        }
    }

    private static func notes(on sessions: some Sequence<UUID>, at time: Timestamp) -> [AppendCommand] {
        sessions.map { session in
            AppendCommand(
                id: UUID(), actor: "nia",
                events: [
                    NewEvent(
                        stream: StreamID.session(session).description, type: "NoteRecorded", occurredAt: time,
                        payload: JSON.object(["text": "Called back."]).canonical)
                ])
        }
    }

    private func arrive(_ bench: Workbench) async throws {
        let end = try await bench.ledger.head(of: Workbench.hickory).size
        for projection in allProjections {
            try await bench.ledger.waitForProjection(projection, of: Workbench.hickory, position: end, limit: .seconds(60))
        }
    }
}

import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite(.ledger) struct AppendTests {
    let log = LogName.test()

    @Test func positionsAndVersionsCountWithoutGap() async throws {
        try await withLedger { ledger async throws in
            let outcomes = try await ledger.append(
                [.vitals(session(1), session(2), session(1)), .vitals(session(2)), .vitals(session(1))], to: log)
            let receipts = outcomes.flatMap { $0.receipts ?? [] }
            #expect(receipts.map(\.position) == [1, 2, 3, 4, 5])
            #expect(receipts.map(\.version) == [1, 1, 2, 2, 3])
            let more = try await ledger.append([.vitals(session(2))], to: log)
            #expect(more.first?.receipts?.map(\.position) == [6])
            #expect(more.first?.receipts?.map(\.version) == [3])
            let stored = try await ledger.allEvents(of: log)
            #expect(stored.prefix(5).map(\.event) == receipts.map(\.event))
            #expect(stored.prefix(5).map(\.recordedAt) == receipts.map(\.recordedAt))
            #expect(try await ledger.head(of: log).size == 6)
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    @Test func everyFieldComesBackAsItWasGiven() async throws {
        try await withLedger { ledger async throws in
            let command = AppendCommand.full()
            let before = Timestamp.now()
            let receipts = try #require(try await ledger.append([command], to: log)[0].receipts)
            let stored = try await ledger.allEvents(of: log)
            #expect(stored.count == 2)
            for (index, event) in stored.enumerated() {
                let given = command.events[index]
                #expect(event.event == command.eventID(index))
                #expect(event.command == command.id)
                #expect(event.actor == command.actor)
                #expect(event.chartedAt == command.chartedAt)
                #expect(event.stream == given.stream)
                #expect(event.type == given.type)
                #expect(event.occurredAt == given.occurredAt)
                #expect(event.subject == given.subject)
                #expect(event.overrideGate == given.override?.gate)
                #expect(event.overrideReason == given.override?.reason)
                #expect(event.payload == given.payload)
                #expect(event.recordedAt >= before && event.recordedAt <= .now())
                #expect(receipts[index].event == event.event)
            }
        }
    }

    @Test func recordedAtNeverDecreasesAlsoWhenTheClockWentBack() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            // As if the last append had been stamped by a clock an hour ahead.
            let ahead = try await withSuperuser { connection async throws in
                let sql = "UPDATE dripline.logs SET recorded_at = clock_timestamp() + interval '1 hour' RETURNING recorded_at"
                return try await connection.query(sql).only().decode(SQLTimestamp.self)
            }
            let outcome = try await ledger.append([.vitals(session(1)), .vitals(session(2))], to: log)
            #expect(outcome.flatMap { $0.receipts ?? [] }.map(\.recordedAt.microseconds) == [ahead.microseconds, ahead.microseconds])
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let times = try await ledger.allEvents(of: log).map(\.recordedAt)
            #expect(times == times.sorted())
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    @Test func theAccessLogCountsForItself() async throws {
        try await withLedger { ledger async throws in
            let access = LogName.test("hickory", .access)
            let other = LogName.test("walnut")
            let command = AppendCommand.vitals(session(1), session(1))
            for log in [log, access, other] {
                let outcome = try await ledger.append([command], to: log)[0]
                // The same command is new to each log.
                guard case .appended(let receipts) = outcome else { throw Unexpected("\(outcome)") }
                #expect(receipts.map(\.position) == [1, 2])
            }
            let heads = try await ledger.heads().map { "\($0.log) \($0.size)" }
            #expect(heads == ["hickory/record 2", "hickory/access 2", "walnut/record 2"])
            for log in [log, access, other] { #expect(try await ledger.verify(log).isIntact) }
        }
    }

    @Test func tenThousandEventsInOneCall() async throws {
        try await withLedger { ledger async throws in
            // As an import sends them: each command with a condition, many on the same stream, one that does not hold.
            var versions: [String: Int64] = [:]
            var commands = (0..<5000).map { index in
                let stream = session(index % 700)
                let version = versions[stream, default: 0]
                versions[stream] = version + 2
                return AppendCommand.vitals(stream, stream, conditions: [StreamCondition(stream: stream, version: version)])
            }
            let outcomes = try await ledger.append(commands, to: log)
            #expect(outcomes.flatMap { $0.receipts ?? [] }.map(\.position) == Array(1...10_000))
            #expect(try await ledger.verify(log).isIntact)

            commands[2500] = .vitals(session(1), session(1), conditions: [StreamCondition(stream: session(1), version: 0)])
            for index in commands.indices where index != 2500 {
                commands[index].id = UUID()
                let stream = commands[index].events[0].stream
                commands[index].conditions = [StreamCondition(stream: stream, version: versions[stream, default: 0])]
                versions[stream, default: 0] += 2
            }
            let again = try await ledger.append(commands, to: log)
            #expect(again.count(where: { $0.receipts != nil }) == 4999)
            #expect(again[2500] == .conflict(stream: session(1), expected: 0, actual: again[2500].actualVersion ?? -1))
            #expect(try await ledger.head(of: log).size == 19_998)
        }
    }

    @Test func oneEventTooManyIsRefused() async throws {
        try await withLedger { ledger async throws in
            let command = AppendCommand(id: UUID(), actor: "a", events: Array(repeating: .vitals(session(1)), count: 10_001))
            let error = await #expect(throws: LedgerError.self) { try await ledger.append([command], to: log) }
            guard case .malformed = error else { throw Unexpected("\(String(describing: error))") }
            #expect(try await ledger.head(of: log).size == 0)
        }
    }

    @Test(arguments: [
        #"{"text":"é ü ß Å Ω ж 漢字 한글 עברית 👩🏽‍⚕️ e\u0301"}"#, #"{"text":"\u0000\u001f\"\\/"}"#,
        #"{"text":"'; DROP TABLE dripline.events; --"}"#,
        #"{"":"","a":[],"b":{},"c":[[[[]]]],"d":-0.001,"e":true,"f":null}"#, "null", "[]", #""""#, "0",
    ])
    func payloadsKeepTheirBytes(_ payload: String) async throws {
        try await withLedger { ledger async throws in
            var command = AppendCommand.full()
            command.events[0].payload = payload
            _ = try await ledger.append([command], to: log)
            let stored = try await ledger.allEvents(of: log)[0].payload
            #expect(Array((stored ?? "").utf8) == Array(payload.utf8))
        }
    }

    @Test func aPayloadAtTheLimitIsTaken() async throws {
        try await withLedger { ledger async throws in
            var command = AppendCommand.vitals(session(1))
            command.events[0].payload = "\"" + String(repeating: "é", count: (1_048_576 - 2) / 2) + "\""
            _ = try await ledger.append([command], to: log)
            #expect(try await ledger.allEvents(of: log)[0].payload == command.events[0].payload)
            #expect(try await ledger.verify(log).isIntact)
            command.id = UUID()
            command.events[0].payload = "\"" + String(repeating: "a", count: 1_048_575) + "\""
            await #expect(throws: LedgerError.self) { try await ledger.append([command], to: log) }
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension AppendOutcome {
    var actualVersion: Int64? {
        if case .conflict(_, _, let actual) = self { actual } else { nil }
    }
}

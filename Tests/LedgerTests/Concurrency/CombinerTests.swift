import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite(.ledger) struct CombinerTests {
    /// While as many calls are under way as there may be, `body`'s appends gather; then they go.
    private func gathered<T>(_ ledger: Ledger, _ body: (_ go: (Int) async throws -> Void) async throws -> T) async throws -> T {
        await ledger.combiner.setPatience(.seconds(60))
        let blocking = (0..<Combiner.maximumRunning).map { LogName.test("blocking-\($0)") }
        for log in blocking { _ = try await ledger.append([.vitals(session(1))], to: log) }
        var held: [HeldLog] = []
        for log in blocking { held.append(try await HeldLog(log)) }
        let calls = blocking.map { log in Task { try await ledger.sequencer(for: log).append(.vitals(session(1))) } }
        for held in held { try await held.waitForWaiting(1) }
        let value = try await body { count in
            while await ledger.combiner.waitingCount < count { await Task.yield() }
            for held in held { try await held.release() }
        }
        for call in calls { #expect(try await call.value.receipts?.first?.position == 2) }
        return value
    }

    private func isIntact(_ ledger: Ledger, _ logs: [LogName]) async throws -> Bool {
        for log in logs where try await !ledger.verify(log).isIntact { return false }
        return true
    }

    @Test func whatWaitsForSeveralLogsGoesDownTogether() async throws {
        try await withLedger { ledger async throws in
            let logs = (0..<12).map { LogName.test("clinic-\($0)") }
            for log in logs { _ = try await ledger.append([.vitals(session(1))], to: log) }
            let outcomes = try await gathered(ledger) { go in
                let tasks = logs.map { log in
                    Task {
                        let condition = StreamCondition(stream: session(1), version: 1)
                        return try await ledger.sequencer(for: log).append(
                            .vitals(session(1), session(2), session(1), conditions: [condition]))
                    }
                }
                try await go(logs.count)
                var outcomes: [AppendOutcome] = []
                for task in tasks { outcomes.append(try await task.value) }
                return outcomes
            }
            for outcome in outcomes {
                #expect(outcome.receipts?.map(\.position) == [2, 3, 4])
                #expect(outcome.receipts?.map(\.version) == [2, 1, 3])
            }
            #expect(Set(outcomes.compactMap { $0.receipts?.first?.recordedAt }).count == 1)
            #expect(try await isIntact(ledger, logs))
        }
    }

    @Test func whatNeedsJudgingIsJudgedAndTheOthersGoIn() async throws {
        try await withLedger { ledger async throws in
            let logs = ["repeated", "reused", "conflict", "new", "plain"].map { LogName.test($0) }
            let (first, other) = (AppendCommand.vitals(session(1)), AppendCommand.vitals(session(2)))
            for log in logs where log.clinic != "new" { _ = try await ledger.append([first, other], to: log) }
            var reused = AppendCommand.vitals(session(3))
            reused.id = other.id
            let commands: [AppendCommand] = [
                first, reused, .vitals(session(1), conditions: [StreamCondition(stream: session(1), version: 7)]), .vitals(session(1)),
                .vitals(session(1)),
            ]
            let outcomes = try await gathered(ledger) { go in
                let tasks = zip(logs, commands).map { log, command in Task { try await ledger.sequencer(for: log).append(command) } }
                try await go(logs.count)
                var outcomes: [AppendOutcome] = []
                for task in tasks { outcomes.append(try await task.value) }
                return outcomes
            }
            guard case .repeated(let receipts) = outcomes[0] else { return #expect(Bool(false), "\(outcomes[0])") }
            #expect(receipts.map(\.position) == [1])
            #expect(outcomes[1] == .reused)
            #expect(outcomes[2] == .conflict(stream: session(1), expected: 7, actual: 1))
            #expect(outcomes[3].receipts?.map(\.position) == [1])
            #expect(outcomes[4].receipts?.map(\.position) == [3])
            #expect(try await isIntact(ledger, logs))
        }
    }

    @Test func aLogThatIsHeldHoldsUpNobody() async throws {
        try await withLedger { ledger async throws in
            let logs = ["held", "free-1", "free-2"].map { LogName.test($0) }
            for log in logs { _ = try await ledger.append([.vitals(session(1))], to: log) }
            let held = try await HeldLog(logs[0])
            let waiting = try await gathered(ledger) { go in
                let tasks = logs.map { log in Task { try await ledger.sequencer(for: log).append(.vitals(session(1))) } }
                try await go(logs.count)
                for task in tasks.dropFirst() { #expect(try await task.value.receipts?.map(\.position) == [2]) }
                return tasks[0]
            }
            try await held.waitForWaiting(1)
            try await held.release()
            #expect(try await waiting.value.receipts?.map(\.position) == [2])
            #expect(try await isIntact(ledger, logs))
        }
    }

    @Test func callsThatTakeLongKeepNobodyWaiting() async throws {
        try await withLedger { ledger async throws in
            let logs = (0..<Combiner.maximumRunning).map { LogName.test("slow-\($0)") } + [.test("quick")]
            for log in logs { _ = try await ledger.append([.vitals(session(1))], to: log) }
            var held: [HeldLog] = []
            for log in logs.dropLast() { held.append(try await HeldLog(log)) }
            let slow = logs.dropLast().map { log in Task { try await ledger.sequencer(for: log).append(.vitals(session(1))) } }
            try await held[0].waitForWaiting(slow.count)
            for position in 2...4 {
                let outcome = try await ledger.sequencer(for: logs[slow.count]).append(.vitals(session(1)))
                #expect(outcome.receipts?.map(\.position) == [Int64(position)])
            }
            for held in held { try await held.release() }
            for call in slow { #expect(try await call.value.receipts?.map(\.position) == [2]) }
        }
    }

    @Test func aMalformedCommandFailsAlone() async throws {
        try await withLedger { ledger async throws in
            let logs = ["malformed", "sound"].map { LogName.test($0) }
            for log in logs { _ = try await ledger.append([.vitals(session(1))], to: log) }
            var malformed = AppendCommand.vitals(session(1))
            malformed.events[0].type = "not a type"
            let sent = malformed
            try await gathered(ledger) { go in
                let bad = Task { try await ledger.sequencer(for: logs[0]).append(sent) }
                let good = Task { try await ledger.sequencer(for: logs[1]).append(.vitals(session(1))) }
                try await go(2)
                #expect(try await good.value.receipts?.map(\.position) == [2])
                await #expect(throws: LedgerError.self) { try await bad.value }
            }
        }
    }
}

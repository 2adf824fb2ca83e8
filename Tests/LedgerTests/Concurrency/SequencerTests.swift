import Canonical
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite(.ledger) struct SequencerTests {
    let log = LogName.test()

    @Test func whatWaitsGoesDownTogether() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let sequencer = ledger.sequencer(for: log)
            let first = Task { try await sequencer.append(.vitals(session(1))) }
            try await held.waitForWaiting(1)
            let others = (0..<50).map { _ in Task { try await sequencer.append(.vitals(session(2))) } }
            while await sequencer.waitingCount < 50 { await Task.yield() }
            try await held.release()
            var times = Set([try await first.value.receipts?.first?.recordedAt])
            for other in others { times.insert(try await other.value.receipts?.first?.recordedAt) }
            // One for the first, one for the batch that gathered meanwhile.
            #expect(times.count == 2)
        }
    }

    @Test func aFullQueueSaysBusyAtOnce() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let sequencer = ledger.sequencer(for: log)
            let surplus = 50
            let all = 1 + Sequencer.maximumWaiting + surplus
            let first = Task { try await sequencer.append(.vitals(session(1))) }
            try await held.waitForWaiting(1)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1..<all {
                    group.addTask {
                        do {
                            return try await sequencer.append(.vitals(session(2))).receipts != nil
                        } catch LedgerError.busy { return false }
                    }
                }
                // Nothing else can end while the log is held.
                for _ in 0..<surplus { #expect(try await group.next() == false) }
                try await held.release()
                var taken = 0
                for try await appended in group where appended { taken += 1 }
                #expect(taken == Sequencer.maximumWaiting)
            }
            _ = try await first.value
            #expect(try await ledger.head(of: log).size == Int64(all - surplus + 1))
        }
    }

    @Test func aCancelledCallerTakesNobodyAlong() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let sequencer = ledger.sequencer(for: log)
            let inFlight = Task { try await sequencer.append(.vitals(session(1))) }
            try await held.waitForWaiting(1)
            let queued = (0..<10).map { _ in Task { try await sequencer.append(.vitals(session(2))) } }
            while await sequencer.waitingCount < 10 { await Task.yield() }
            inFlight.cancel()
            queued[4].cancel()
            try await held.release()
            for (index, task) in queued.enumerated() where index != 4 { #expect(try await task.value.receipts != nil) }
            // Those that were cancelled are told what became of their command all the same.
            #expect(try await inFlight.value.receipts?.map(\.position) == [2])
            #expect(try await queued[4].value.receipts != nil)
            #expect(try await ledger.head(of: log).size == 12)
        }
    }

    @Test func anIllFormedCommandFailsAlone() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let sequencer = ledger.sequencer(for: log)
            let first = Task { try await sequencer.append(.vitals(session(1))) }
            try await held.waitForWaiting(1)
            let commands = (0..<9).map { index in
                var command = AppendCommand.vitals(session(index))
                if index == 3 { command.actor = "no handle" }
                if index == 5 { command.events[0].payload = "{" }
                if index == 7 { command.events = [] }
                return command
            }
            let tasks = commands.map { command in Task { try await sequencer.append(command) } }
            while await sequencer.waitingCount < 9 { await Task.yield() }
            try await held.release()
            #expect(try await first.value.receipts != nil)
            for (index, task) in tasks.enumerated() {
                if [3, 5, 7].contains(index) {
                    await #expect(throws: LedgerError.self) { try await task.value }
                } else {
                    #expect(try await task.value.receipts?.count == 1)
                }
            }
            #expect(try await ledger.head(of: log).size == 8)
        }
    }

    @Test func aBatchIsBoundedInBytes() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let sequencer = ledger.sequencer(for: log)
            let first = Task { try await sequencer.append(.vitals(session(1))) }
            try await held.waitForWaiting(1)
            let text = "\"" + String(repeating: "a", count: 1_000_000) + "\""
            let tasks = (0..<20).map { _ in
                var command = AppendCommand.vitals(session(2))
                command.events[0].payload = text
                let sent = command
                return Task { try await sequencer.append(sent) }
            }
            while await sequencer.waitingCount < 20 { await Task.yield() }
            try await held.release()
            _ = try await first.value
            var batches: [Int64: Int] = [:]
            for task in tasks { batches[try await task.value.receipts?.first?.recordedAt.microseconds ?? 0, default: 0] += 1 }
            #expect(batches.values.max() ?? 0 <= Sequencer.maximumBatchBytes / 1_000_000)
            #expect(batches.count > 1)
        }
    }

    @Test func closingWaitsForWhatIsQueued() async throws {
        let ledger = Ledger(TestDatabase.current.settings, logger: .silent)
        _ = try await ledger.append([.vitals(session(1))], to: log)
        let held = try await HeldLog(log)
        let sequencer = ledger.sequencer(for: log)
        let tasks = (0..<30).map { _ in Task { try await sequencer.append(.vitals(session(2))) } }
        while await sequencer.waitingCount < 29 { await Task.yield() }
        try await held.waitForWaiting(1)
        let closing = Task { await ledger.close() }
        try await held.release()
        for task in tasks { #expect(try await task.value.receipts != nil) }
        await closing.value
        await #expect(throws: (any Error).self) { try await sequencer.append(.vitals(session(2))) }
        try await withLedger { other async throws in
            #expect(try await other.head(of: log).size == 31)
        }
    }
}

import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite(.ledger) struct AppendTogetherTests {
    let log = LogName.test()

    @Test func allAreWrittenOrNone() async throws {
        try await withLedger { ledger async throws in
            let known = AppendCommand.vitals(session(1))
            #expect(try await ledger.appendTogether([known], to: log).allSatisfy { $0.receipts != nil })
            let stale = AppendCommand.vitals(session(1), conditions: [StreamCondition(stream: session(1), version: 7)])
            let undone = try await ledger.appendTogether([.vitals(session(2)), stale, .vitals(session(3))], to: log)
            #expect(undone.map { $0.receipts == nil } == [false, true, false])
            #expect(try await ledger.head(of: log).size == 1)
            // What was taken before is no obstacle.
            let again = try await ledger.appendTogether([known, .vitals(session(2))], to: log)
            #expect(again.map { $0.receipts?.map(\.position) } == [[1], [2]])
        }
    }

    /// As `TerminatedBackendTests.beforeTheCommit`.
    @Test func aLostConnectionIsMadeGood() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let batch = Task { try await ledger.appendTogether([.vitals(session(1)), .vitals(session(2))], to: log) }
            let waiting = try await held.waitForWaiting(1)
            try await held.execute("SELECT pg_terminate_backend($1)", [waiting[0]])
            try await held.release()
            #expect(try await batch.value.map { $0.receipts?.map(\.position) } == [[2], [3]])
        }
    }

    @Test(.timeLimit(.minutes(5))) func aLostConnectionIsNotMadeGoodWhileTheLedgerCloses() async throws {
        let ledger = Ledger(TestDatabase.current.settings.setting(user: "ledger_tests_login"), logger: .silent)
        _ = try await ledger.append([.vitals(session(1))], to: log)
        let held = try await HeldLog(log)
        let batch = Task { try await ledger.appendTogether([.vitals(session(1)), .vitals(session(2))], to: log) }
        let waiting = try await held.waitForWaiting(1)
        let closing = Task { await ledger.close() }
        while !ledger.isClosing { await Task.yield() }
        try await held.execute("SELECT pg_terminate_backend($1)", [waiting[0]])
        let error = await #expect(throws: LedgerError.self) { try await batch.value }
        guard case .unreachable = error else { throw Unexpected("\(String(describing: error))") }
        try await held.release()
        await closing.value
    }

    @Test func itIsMeasured() async throws {
        final class Measured: Sendable {
            let answers = Atomic(0)
            let batches = Mutex<[(commands: Int, events: Int)]>([])
        }
        let measured = Measured()
        try await withLedger { ledger async throws in
            ledger.observer = LedgerObserver(
                appended: { if $0 > .zero { measured.answers.add(1, ordering: .relaxed) } },
                committed: { commands, events, _ in measured.batches.withLock { $0.append((commands, events)) } })
            _ = try await ledger.appendTogether([.vitals(session(1), session(2)), .vitals(session(3))], to: log)
        }
        #expect(measured.answers.load(ordering: .relaxed) == 2)
        #expect(measured.batches.withLock { $0.map { [$0.commands, $0.events] } } == [[2, 3]])
    }
}

import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

/// 16 writers × 500 appends each, on one clinic or spread over eight, in one process or (as far as the database can tell) in several.
@Suite(.ledger, .serialized) struct ConcurrentWritersTests {
    static let writers = 16
    static let appends = 500

    struct Setting: Sendable {
        let clinics: Int
        let processes: Int
        /// Through `Ledger.append` instead of the sequencer: each a transaction of its own.
        var alone = false
    }

    @Test(arguments: [
        Setting(clinics: 1, processes: 1), Setting(clinics: 8, processes: 1), Setting(clinics: 1, processes: 4),
        Setting(clinics: 8, processes: 4, alone: true),
    ])
    func nothingIsLostDoubledOrOutOfOrder(_ setting: Setting) async throws {
        let settings = TestDatabase.current.settings.setting(user: "ledger_tests_login")
        let ledgers = (0..<setting.processes).map { _ in Ledger(settings, logger: .silent) }
        let logs = (0..<setting.clinics).map { LogName.test("clinic-\($0)") }
        let acknowledged = Acknowledged()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for log in logs {
                group.addTask { try await Self.read(log, ledgers[0], until: acknowledged) }
            }
            try await withThrowingTaskGroup(of: Void.self) { writers in
                for writer in 0..<Self.writers {
                    let (ledger, log) = (ledgers[writer % ledgers.count], logs[writer % logs.count])
                    writers.addTask { try await Self.write(writer, ledger, log, alone: setting.alone, acknowledged) }
                }
                try await writers.waitForAll()
            }
            acknowledged.end()
            try await group.waitForAll()
        }
        for log in logs {
            let stored = try await ledgers[0].allEvents(of: log)
            let receipts = acknowledged.receipts(of: log)
            #expect(stored.count == Self.writers * Self.appends / logs.count)
            #expect(stored.map(\.position) == Array(1...Int64(stored.count)))
            #expect(receipts.map(\.event) == stored.map(\.event))
            #expect(receipts.map(\.recordedAt) == stored.map(\.recordedAt))
            let times = stored.map(\.recordedAt)
            #expect(times == times.sorted())
            let verification = try await ledgers[0].verify(log)
            #expect(verification.isIntact, "\(verification.findings)")
        }
        for ledger in ledgers { await ledger.close() }
    }

    private static func write(_ writer: Int, _ ledger: Ledger, _ log: LogName, alone: Bool, _ acknowledged: Acknowledged) async throws {
        var last: Int64 = 0
        for index in 0..<appends {
            // Every other append has a condition that holds, on a stream of the writer's own.
            let stream = session(writer)
            let conditions = index.isMultiple(of: 2) ? [StreamCondition(stream: stream, version: Int64(index))] : []
            let command = AppendCommand.vitals(stream, conditions: conditions)
            let outcome = alone ? try await ledger.append([command], to: log)[0] : try await ledger.sequencer(for: log).append(command)
            guard case .appended(let receipts) = outcome, let receipt = receipts.first else { throw Unexpected("\(outcome)") }
            #expect(receipt.version == Int64(index + 1))
            #expect(receipt.position > last)
            last = receipt.position
            acknowledged.add(receipts, in: log)
        }
    }

    /// Reads on as a follower does; a page with a gap, or a head that promises more than can be read, fails.
    private static func read(_ log: LogName, _ ledger: Ledger, until writers: Acknowledged) async throws {
        var last: Int64 = 0
        while true {
            let over = writers.isOver
            let head = try await ledger.head(of: log).size
            while last < head {
                let page = try await ledger.events(of: log, EventQuery(after: last, limit: 300))
                let expected = page.indices.map { last + 1 + Int64($0) }
                guard !page.isEmpty, page.map(\.position) == expected else {
                    throw Unexpected("a gap after \(last), with a head of \(head)")
                }
                last = page[page.count - 1].position
            }
            if over { return }
        }
    }
}

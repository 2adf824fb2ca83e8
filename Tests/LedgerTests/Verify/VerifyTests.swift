import Foundation
import Ledger
import Postgres
import Synchronization
import TestSupport
import Testing
import Tlog

@Suite(.ledger) struct VerifyTests {
    @Test func anUnknownLogIsNamed() async throws {
        try await withLedger { ledger async throws in
            let error = await #expect(throws: LedgerError.self) { try await ledger.verify(.test("nowhere")) }
            guard case .unknownLog(let log) = error else { throw Unexpected("\(String(describing: error))") }
            #expect(log == .test("nowhere"))
        }
    }

    @Test func aLogWhoseOnlyCommandWasRefusedIsIntact() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1), conditions: [StreamCondition(stream: session(1), version: 1)])], to: .test())
            let verification = try await ledger.verify(.test())
            #expect(verification.isIntact)
            #expect(verification.events == 0)
            #expect(verification.root == TreeHash.empty)
        }
    }

    @Test func theTreeIsThatOfTheReceipts() async throws {
        try await withLedger { ledger async throws in
            let outcomes = try await ledger.append((0..<37).map { .vitals(session($0), session(1)) }, to: .test())
            var tree = TreeFrontier()
            for receipt in outcomes.flatMap({ $0.receipts ?? [] }) { tree.append(try #require(TreeHash(receipt.leaf))) }
            #expect(try await ledger.verify(.test()).root == tree.root)
            #expect(tree.size == 74)
        }
    }

    /// Reads one snapshot: what is appended meanwhile is neither missing nor too much.
    @Test func appendsGoOnMeanwhile() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append((0..<5000).map { .vitals(session($0)) }, to: .test())
            let done = Acknowledged()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !done.isOver { _ = try await ledger.append([.vitals(session(1), session(2))], to: .test()) }
                }
                for _ in 0..<5 {
                    let verification = try await ledger.verify(.test())
                    #expect(verification.isIntact, "\(verification.findings)")
                }
                done.end()
                try await group.waitForAll()
            }
        }
    }

    @Test func progressIsReported() async throws {
        let calls = Mutex<[Int64]>([])
        try await withLedger { ledger async throws in
            for _ in 0..<3 {
                let events = Array(repeating: NewEvent.vitals(session(1)), count: 7000)
                _ = try await ledger.append([AppendCommand(id: UUID(), actor: "a", events: events)], to: .test())
            }
            let verification = try await ledger.verify(.test()) { read, all in
                #expect(all == 21_000)
                calls.withLock { $0.append(read) }
            }
            #expect(verification.events == 21_000)
        }
        #expect(calls.withLock { $0 } == [10_000, 20_000, 21_000])
    }

    @Test func findingsAreCountedPastTheirLimit() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append((0..<150).map { .vitals(session($0)) }, to: .test())
            try await withSuperuser { connection async throws in
                try await connection.script("ALTER TABLE dripline.events DISABLE TRIGGER ALL; UPDATE dripline.events SET actor = 'x'")
            }
            let verification = try await ledger.verify(.test())
            #expect(verification.findingCount == 150)
            #expect(verification.findings.map(\.position) == Array(1...100))
            #expect(!verification.isIntact)
        }
    }
}

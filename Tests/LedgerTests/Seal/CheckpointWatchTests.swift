import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite(.ledger) struct CheckpointWatchTests {
    @Test func everyWaitingCallerIsTold() async throws {
        try await TemporaryDirectory.with { directory in
            try await withLedger { ledger in
                for number in 1...5 { _ = try await ledger.append([.vitals(session(number))], to: .test()) }
                let covered = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                    for position in Int64(1)...5 {
                        tasks.addTask {
                            try await ledger.waitForCheckpoint(of: .test(), covering: position, limit: .seconds(60))
                        }
                    }
                    tasks.addTask { try await ledger.waitForCheckpoint(of: .test(), covering: 6, limit: .milliseconds(1)) }
                    let sealer = Sealer(keys: try SigningKeys.create(directory: directory), memory: SealMemory(directory: directory))
                    let service = SealingService(TestDatabase.current.settings, ledger: ledger, sealer: sealer, logger: .silent)
                    try await service.catchUp()
                    return try await tasks.reduce(into: []) { $0.append($1) }
                }
                #expect(covered.count { $0 } == 5 && covered.count { !$0 } == 1)
                #expect(try await ledger.waitForCheckpoint(of: .test(), covering: 5, limit: .seconds(60)))
                let proofs = try await ledger.proofs(of: [5, 1, 6, 0, 5], in: .test())
                #expect(Set(proofs.keys) == [1, 5])
                #expect(try await ledger.proof(of: 5, in: .test()) == proofs[5])
            }
        }
    }

    @Test func whoStopsWaitingIsLetGo() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.vitals(session(1))], to: .test())
            let task = Task { try await ledger.waitForCheckpoint(of: .test(), covering: 1, limit: .seconds(3600)) }
            while await ledger.checkpoints.waitingCount(.test()) == 0 { await Task.yield() }
            task.cancel()
            #expect(try await task.value == false)
            async let closed = ledger.waitForCheckpoint(of: .test(), covering: 1, limit: .seconds(3600))
            while await ledger.checkpoints.waitingCount(.test()) == 0 { await Task.yield() }
            await ledger.checkpoints.close()
            #expect(try await closed == false)
        }
    }
}

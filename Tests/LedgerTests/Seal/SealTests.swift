import Foundation
import Postgres
import TestSupport
import Testing
import Tlog

@testable import Ledger

@Suite(.ledger) struct SealTests {
    private func fill(_ ledger: Ledger, _ count: Int, from start: Int = 0) async throws {
        _ = try await ledger.append((0..<count).map { .vitals(session(start + $0)) }, to: .test())
    }

    private func tile(_ path: String, _ ledger: Ledger) async throws -> [UInt8]? {
        let path = try #require(TilePath(path))
        return try await ledger.tile(path, in: .test())
    }

    @Test func aCheckpointSignsTheCommittedPrefix() async throws {
        try await withSealing { ledger, bench async throws in
            #expect(try await ledger.checkpoint(of: .test()) == nil)
            try await fill(ledger, 700)
            try await bench.service(ledger).catchUp()
            let signed = try #require(try await ledger.checkpoint(of: .test()))
            #expect(signed.checkpoint.origin == "dripline.local/hickory/record")
            #expect(signed.checkpoint.size == 700)
            #expect(try signed.note.verified(by: bench.keys.verifiers(for: .test())).count == 1)
            let verification = try await ledger.verify(.test(), try bench.options())
            #expect(verification.isIntact, "\(verification.findings)")
            #expect(verification.root == signed.checkpoint.root)
            #expect(verification.checkpoints == 1)
            #expect(try bench.memory.state(of: .test()) == .init(size: 700, root: signed.checkpoint.root))
        }
    }

    /// Sealing piece by piece gives the tiles and roots of sealing at once.
    @Test func growthInPiecesIsGrowthAtOnce() async throws {
        try await withSealing { ledger, bench async throws in
            var total = 0
            for count in [1, 1, 3, 250, 1, 1, 300, 44, 512] {
                try await fill(ledger, count, from: total)
                total += count
                try await bench.service(ledger).catchUp()
                let verification = try await ledger.verify(.test(), try bench.options())
                #expect(verification.isIntact, "\(total): \(verification.findings)")
                #expect(try await ledger.checkpoint(of: .test())?.checkpoint.size == UInt64(total))
            }
            // Nothing new, nothing signed.
            try await bench.service(ledger).catchUp()
            #expect(try await ledger.verify(.test(), try bench.options()).checkpoints == 9)
        }
    }

    /// Where fetching in the index's order looks dear, as in a large log, a planner left to itself sorts a round's rows, in files.
    @Test func aRoundReadsTheLogAlongItsIndex() async throws {
        try await withLedger { ledger async throws in
            try await fill(ledger, 700)
            let number = try #require(try await ledger.number(of: .test()))
            func plan(_ settings: ConnectionSettings) async throws -> String {
                try await withConnection(settings.setting(option: "random_page_cost", to: "1000")) { connection async throws in
                    try await connection.query("EXPLAIN \(Sealer.leaves(number, after: 0, to: 700))").map { try $0.decode(String.self) }
                        .joined(separator: "\n")
                }
            }
            let settings = TestDatabase.current.settings
            #expect(try await plan(settings.setting(role: "dripline_sealer")).contains("Sort"))
            let plan = try await plan(Sealer.settings(settings))
            #expect(plan.contains("Index Scan") && !plan.contains("Sort"), "\(plan)")
        }
    }

    @Test func proofsLeadFromEntriesToTheCheckpoint() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 300)
            try await bench.service(ledger).catchUp()
            let old = try #require(try await ledger.checkpoint(of: .test()))
            try await fill(ledger, 300, from: 300)
            await #expect(throws: ProofError.beyond(.test(), size: 300)) { try await ledger.proof(of: 301, in: .test()) }
            try await bench.service(ledger).catchUp()

            let entries = try await withSuperuser { connection async throws in
                try await connection.query("SELECT entry FROM dripline.events ORDER BY position").map { try $0.decode(String.self) }
            }
            let keys = bench.keys.verifiers(for: .test())
            for position in [1, 2, 256, 257, 600] {
                let file = try await ledger.proof(of: Int64(position), in: .test())
                let state = try file.verify(Array(entries[position - 1].utf8), origin: "dripline.local/hickory/record", keys: keys)
                #expect(state.size == 600)
            }
            let growth = try await ledger.consistency(from: 300, to: 600, in: .test())
            #expect(growth.holds)
            #expect(growth.oldRoot == old.checkpoint.root)
            await #expect(throws: ProofError.sizes) { try await ledger.consistency(from: 0, to: 600, in: .test()) }
            await #expect(throws: ProofError.beyond(.test(), size: 600)) { try await ledger.proof(of: 0, in: .test()) }

            // A bundle of entries holds the leaves' bytes, and the tile their hashes.
            let bundle = try #require(try await tile("entries/001", ledger))
            #expect(EntryBundle.decode(bundle)?.map { String(decoding: $0, as: UTF8.self) } == Array(entries[256..<512]))
            let hashes = try #require(try await tile("0/001", ledger))
            #expect(hashes == entries[256..<512].flatMap { TreeHash.leaf(Array($0.utf8)).bytes })
            #expect(try await tile("0/002.p/88", ledger)?.count == 88 * 32)
            #expect(try await tile("0/002.p/89", ledger) == nil)
            #expect(try await tile("0/003", ledger) == nil)
        }
    }

    /// A round that is killed after its memory was written and before its transaction was committed.
    @Test func aRoundThatWasKilledIsTakenUp() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 10)
            try await bench.service(ledger).catchUp()
            try await fill(ledger, 10, from: 10)
            // What such a round leaves: the memory knows of a tree that the database does not.
            let root = try await ledger.verify(.test()).root
            try Data("20\n\(root.base64)\n".utf8).write(to: URL(fileURLWithPath: bench.directory + "/sealed/hickory.record"))
            try await fill(ledger, 5, from: 20)
            try await bench.service(ledger).catchUp()
            #expect(try await ledger.checkpoint(of: .test())?.checkpoint.size == 25)
            #expect(try await ledger.verify(.test(), try bench.options()).isIntact)
        }
    }

    @Test func anOlderBackupIsNotSigned() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 30)
            try await bench.service(ledger).catchUp()
            try await withSuperuser { connection async throws in
                try await connection.script(
                    """
                    ALTER TABLE dripline.events DISABLE TRIGGER ALL; ALTER TABLE dripline.logs DISABLE TRIGGER ALL;
                    ALTER TABLE dripline.commands DISABLE TRIGGER ALL; ALTER TABLE dripline.checkpoints DISABLE TRIGGER ALL;
                    DELETE FROM dripline.events WHERE position > 20; DELETE FROM dripline.commands WHERE first_position > 20;
                    DELETE FROM dripline.checkpoints; DELETE FROM dripline.tiles; UPDATE dripline.logs SET size = 20;
                    """)
            }
            let refusal = await #expect(throws: SealError.self) { try await bench.service(ledger).catchUp() }
            #expect(refusal == .behind(.test(), signed: 30, held: 20))
            #expect("\(refusal.map { "\($0)" } ?? "")".contains("dripline verify --clinic hickory"))
            // It grows past what was signed, with another history: that is a fork.
            try await fill(ledger, 20, from: 100)
            await #expect(throws: SealError.forked(.test(), size: 30)) { try await bench.service(ledger).catchUp() }
            let findings = try await ledger.verify(.test(), try bench.options()).findings
            #expect(findings.contains { $0.what.contains("remembered outside the database") })
        }
    }

    @Test func alteredBytesAreNotSigned() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 30)
            try await withSuperuser { connection async throws in
                try await connection.script(
                    """
                    ALTER TABLE dripline.events DISABLE TRIGGER ALL;
                    UPDATE dripline.events SET entry = replace(entry, 'nurse.b', 'nurse.c') WHERE position = 12
                    """)
            }
            await #expect(throws: SealError.altered(.test(), position: 12)) { try await bench.service(ledger).catchUp() }
            #expect(try await ledger.checkpoint(of: .test()) == nil)
            #expect(try bench.memory.state(of: .test()) == nil)
        }
    }

    /// Many sealers at once, over a log that grows: one chain of checkpoints, each extending the one before.
    @Test func sealersTogetherNeverFork() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 5)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 {
                            do { try await bench.service(ledger).catchUp() } catch let error as SealError {
                                // The file's lock is held by another one for a moment.
                                guard case .memory = error else { throw error }
                            }
                        }
                    }
                }
                group.addTask {
                    for round in 1...20 { _ = try await ledger.append([.vitals(session(round), session(round + 1))], to: .test()) }
                }
                try await group.waitForAll()
            }
            try await bench.service(ledger).catchUp()
            let verification = try await ledger.verify(.test(), try bench.options())
            #expect(verification.isIntact, "\(verification.findings)")
            #expect(verification.lastCheckpoint?.size == 45)
        }
    }

    @Test func aRunningServiceCoversWhatComes() async throws {
        try await withSealing { ledger, bench async throws in
            let service = bench.service(ledger)
            let task = Task { try await service.run() }
            for round in 1...5 {
                try await fill(ledger, 10, from: round * 10)
                let deadline = ContinuousClock.now + .seconds(20)
                while try await ledger.checkpoint(of: .test())?.checkpoint.size != UInt64(round * 10) {
                    try #require(ContinuousClock.now < deadline, "not covered in 20 s")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            task.cancel()
            try await task.value
        }
    }

    @Test func keysRotateAndWhatTheySignedStaysGood() async throws {
        try await withSealing { ledger, bench async throws in
            try await fill(ledger, 3)
            try await bench.service(ledger).catchUp()
            let first = try #require(try await ledger.checkpoint(of: .test()))
            _ = try bench.keys.rotated(in: bench.directory)
            let next = try SealBench(bench.directory)
            #expect(next.keys.retired == [bench.keys.active.verifier()])
            try await fill(ledger, 3, from: 3)
            try await next.service(ledger).catchUp()
            let second = try #require(try await ledger.checkpoint(of: .test()))
            #expect(throws: NoteError.unsigned) { try second.note.verified(by: bench.keys.verifiers(for: .test())) }
            let verification = try await ledger.verify(.test(), try next.options(against: first.note))
            #expect(verification.isIntact, "\(verification.findings)")
        }
    }
}

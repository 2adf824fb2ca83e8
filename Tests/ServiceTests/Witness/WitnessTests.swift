import Foundation
import Ledger
import Service
import TestSupport
import Testing
import Tlog

/// A log in memory, its key, and a witness that knows it.
private struct Stage {
    let signer = SignerKey(generating: "dripline.local/hickory/record")
    let key = SignerKey(generating: "witness.example")
    let leaves: [TreeHash]
    let directory: String

    init(_ directory: String, leaves count: Int = 40, salt: String = "") {
        self.directory = directory
        leaves = (0..<count).map { .leaf(Array("entry \($0)\(salt)".utf8)) }
    }

    func witness() throws -> Witness {
        try Witness(key: key, logs: [signer.verifier()], directory: directory, now: { 1_700_000_000 })
    }

    func root(_ size: Int) -> TreeHash {
        var frontier = TreeFrontier()
        for leaf in leaves.prefix(size) { frontier.append(leaf) }
        return frontier.root
    }

    func note(_ size: Int, origin: String? = nil, by signer: SignerKey? = nil) throws -> Note {
        let text = Checkpoint(origin: origin ?? self.signer.name, size: UInt64(size), root: root(size)).text
        return Note(text: text, signatures: [try (signer ?? self.signer).sign(text)])
    }

    func request(from old: Int, to size: Int, _ note: Note? = nil) throws -> String {
        var tree = TiledTree(size: UInt64(size), reader: Tiles(leaves: leaves))
        return WitnessRequest(oldSize: UInt64(old), proof: try tree.consistencyProof(from: UInt64(old)), note: try note ?? self.note(size))
            .description
    }

    private struct Tiles: TileReader {
        let leaves: [TreeHash]
        mutating func hashes(of tile: Tile) throws -> [TreeHash] { Array(leaves.prefix(tile.count)) }
    }
}

@Suite struct WitnessTests {
    private func cosigned(_ answer: Witness.Answer, _ stage: Stage, _ size: Int) throws {
        guard case .cosigned(let line) = answer else {
            Issue.record("\(answer)")
            return
        }
        let signature = try #require(Note.Signature(line: line.dropLast()))
        #expect(Cosignature(signature)?.time == 1_700_000_000)
        #expect(stage.key.verifier(.cosignature).verifies(signature, of: try stage.note(size).text))
    }

    @Test func itCosignsGrowthAndNothingElse() async throws {
        try await TemporaryDirectory.with { directory in
            let stage = Stage(directory)
            let witness = try stage.witness()
            #expect(try await witness.answer(try stage.request(from: 3, to: 7)) == .conflict(size: 0))
            try cosigned(try await witness.answer(try stage.request(from: 0, to: 7)), stage, 7)
            // The same again is fine, another old size is not, and less is not either.
            try cosigned(try await witness.answer(try stage.request(from: 7, to: 7)), stage, 7)
            #expect(try await witness.answer(try stage.request(from: 0, to: 7)) == .conflict(size: 7))
            #expect(try await witness.answer(try stage.request(from: 5, to: 9)) == .conflict(size: 7))
            try cosigned(try await witness.answer(try stage.request(from: 7, to: 33)), stage, 33)
            guard case .malformed = try await witness.answer(try stage.request(from: 33, to: 33).replacing("\n33\n", with: "\n20\n")) else {
                // The altered text has no good signature: that is told first.
                #expect(try await witness.answer(try stage.request(from: 33, to: 33).replacing("\n33\n", with: "\n20\n")) == .untrusted)
                return
            }
        }
    }

    @Test func anotherHistoryIsRefused() async throws {
        try await TemporaryDirectory.with { directory in
            let stage = Stage(directory)
            var witness: Witness? = try stage.witness()
            _ = try await witness?.answer(try stage.request(from: 0, to: 8))
            // A split view: the same log, signed by the same key, with another eighth event; and growth from there.
            let other = Stage(directory, salt: " altered")
            let text = Checkpoint(origin: stage.signer.name, size: 8, root: other.root(8)).text
            let split = Note(text: text, signatures: [try stage.signer.sign(text)])
            #expect(try await witness?.answer(WitnessRequest(oldSize: 8, proof: [], note: split).description) == .conflict(size: 8))
            let grown = Checkpoint(origin: stage.signer.name, size: 16, root: other.root(16)).text
            let note = Note(text: grown, signatures: [try stage.signer.sign(grown)])
            #expect(try await witness?.answer(try other.request(from: 8, to: 16, note)) == .inconsistent)
            #expect(try await witness?.answer(WitnessRequest(oldSize: 8, proof: [], note: try stage.note(16)).description) == .inconsistent)
            // It remembers over a restart.
            witness = nil
            let again = try stage.witness()
            #expect(try await again.answer(WitnessRequest(oldSize: 8, proof: [], note: split).description) == .conflict(size: 8))
            try cosigned(try await again.answer(try stage.request(from: 8, to: 16)), stage, 16)
        }
    }

    @Test func strangersAndNonsenseAreRefused() async throws {
        try await TemporaryDirectory.with { directory in
            let stage = Stage(directory)
            let witness = try stage.witness()
            #expect(
                try await witness.answer(try stage.request(from: 0, to: 4, stage.note(4, origin: "other.example/log"))) == .unknownOrigin)
            let stranger = SignerKey(generating: stage.signer.name)
            #expect(try await witness.answer(try stage.request(from: 0, to: 4, stage.note(4, by: stranger))) == .untrusted)
            let tooLarge = WitnessRequest(oldSize: 9, proof: [], note: try stage.note(4)).description
            guard case .malformed = try await witness.answer(tooLarge) else {
                Issue.record("an old size beyond the checkpoint's is accepted")
                return
            }
            for nonsense in ["", "old 1\n", "old x\n\n", "old 0\nnot base64\n\n" + (try stage.note(4).description), "\n\n\n"] {
                guard case .malformed = try await witness.answer(nonsense) else {
                    Issue.record("accepted: \(nonsense.debugDescription)")
                    continue
                }
            }
            #expect(throws: SealError.self) { try stage.witness() }
            withExtendedLifetime(witness) {}
        }
    }
}

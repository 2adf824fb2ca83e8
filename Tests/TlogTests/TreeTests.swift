import Testing

@testable import Tlog

/// A tree in memory, by the definition of RFC 6962 §2.1, and its tiles: the oracle for everything that is read from tiles.
struct NaiveTree: TileReader {
    var leaves: [TreeHash]

    init(_ size: Int) { leaves = (0..<size).map { TreeHash.leaf(Array("entry \($0)".utf8)) } }

    func root(_ start: Int = 0, _ end: Int? = nil) -> TreeHash {
        let end = end ?? leaves.count
        if start == end { return .empty }
        if end - start == 1 { return leaves[start] }
        var half = 1
        while half * 2 < end - start { half *= 2 }
        return .node(root(start, start + half), root(start + half, end))
    }

    mutating func hashes(of tile: Tile) throws -> [TreeHash] {
        var span = 1
        for _ in 0..<tile.level { span *= 256 }
        return (0..<tile.count).map { index in
            let start = (Int(tile.number) * 256 + index) * span
            return root(start, start + span)
        }
    }
}

@Suite struct TreeTests {
    /// The roots that the reference implementation of certificate transparency gives for its eight test entries.
    @Test func rootsOfTheReference() {
        let entries: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], (0x60...0x6F).map { $0 },
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var frontier = TreeFrontier()
        #expect(frontier.root.bytes.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (entry, root) in zip(entries, roots) {
            frontier.append(.leaf(entry))
            #expect(frontier.root.bytes.hex == root)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 1000])
    func tilesGiveTheRootOfEveryPrefix(size: Int) throws {
        let naive = NaiveTree(size)
        var frontier = TreeFrontier()
        for leaf in naive.leaves { frontier.append(leaf) }
        #expect(frontier.root == naive.root())
        var tree = TiledTree(size: UInt64(size), reader: naive)
        for prefix in [1, 2, 3, size / 2, size - 1, size] where (1...size).contains(prefix) {
            #expect(try tree.root(of: UInt64(prefix)) == naive.root(0, prefix))
        }
    }

    @Test func everyProofOfSmallTreesHoldsAndNoOther() throws {
        for size in 1...66 {
            let naive = NaiveTree(size)
            let root = naive.root()
            var tree = TiledTree(size: UInt64(size), reader: naive)
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: UInt64(index))
                let leaf = naive.leaves[index]
                #expect(Proof.includes(leaf, at: UInt64(index), size: UInt64(size), root: root, proof: proof))
                #expect(!Proof.includes(.empty, at: UInt64(index), size: UInt64(size), root: root, proof: proof))
                #expect(!Proof.includes(leaf, at: UInt64(index), size: UInt64(size), root: root, proof: proof + [.empty]))
                #expect(proof.isEmpty || !Proof.includes(leaf, at: UInt64(index), size: UInt64(size), root: root, proof: proof.dropLast()))
                #expect(!Proof.includes(leaf, at: UInt64(size), size: UInt64(size), root: root, proof: proof))
                for other in [index - 1, index + 1] where (0..<size).contains(other) {
                    #expect(!Proof.includes(leaf, at: UInt64(other), size: UInt64(size), root: root, proof: proof))
                }
            }
            for old in 1...size {
                let oldRoot = naive.root(0, old)
                let proof = try tree.consistencyProof(from: UInt64(old))
                #expect(Proof.isConsistent(oldSize: UInt64(old), oldRoot: oldRoot, size: UInt64(size), root: root, proof: proof))
                #expect(!Proof.isConsistent(oldSize: UInt64(old), oldRoot: .empty, size: UInt64(size), root: root, proof: proof))
                #expect(!Proof.isConsistent(oldSize: UInt64(old), oldRoot: oldRoot, size: UInt64(size), root: .empty, proof: proof))
                #expect(
                    !Proof.isConsistent(oldSize: UInt64(old), oldRoot: oldRoot, size: UInt64(size), root: root, proof: proof + [.empty]))
                #expect(
                    proof.isEmpty
                        || !Proof.isConsistent(
                            oldSize: UInt64(old), oldRoot: oldRoot, size: UInt64(size), root: root, proof: proof.dropLast())
                )
            }
            #expect(!Proof.isConsistent(oldSize: 0, oldRoot: .empty, size: UInt64(size), root: root, proof: []))
        }
    }

    @Test func proofsCrossTiles() throws {
        let naive = NaiveTree(66_000)
        let root = naive.root()
        var tree = TiledTree(size: 66_000, reader: naive)
        #expect(try tree.root() == root)
        for index: UInt64 in [0, 255, 256, 65_535, 65_536, 65_999] {
            let proof = try tree.inclusionProof(of: index)
            #expect(Proof.includes(naive.leaves[Int(index)], at: index, size: 66_000, root: root, proof: proof))
        }
        for old: UInt64 in [1, 255, 256, 257, 65_536, 65_537] {
            let proof = try tree.consistencyProof(from: old)
            #expect(Proof.isConsistent(oldSize: old, oldRoot: naive.root(0, Int(old)), size: 66_000, root: root, proof: proof))
        }
    }

    @Test func growthNamesEveryTileThatChanges() {
        #expect(Tile.growth(from: 0, to: 5).map(\.path) == ["tile/0/000.p/5"])
        #expect(Tile.growth(from: 5, to: 257).map(\.path) == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"])
        #expect(Tile.growth(from: 257, to: 257).isEmpty)
        #expect(Tile.growth(from: 512, to: 513).map(\.path) == ["tile/0/002.p/1"])
        #expect(Tile.all(of: 65_536).count == 256 + 1 + 1)
        #expect(Tile.growth(from: 65_535, to: 65_536).map(\.path) == ["tile/0/255", "tile/1/000", "tile/2/000.p/1"])
    }
}

extension [UInt8] {
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

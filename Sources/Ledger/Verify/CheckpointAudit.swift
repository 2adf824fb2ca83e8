import Tlog

/// Holds the signed states of a log against the tree that its entries make, while that grows leaf by leaf.
struct CheckpointAudit {
    struct Stored {
        let size: UInt64
        let root: [UInt8]
        let note: String
        let cosignatures: [String]
    }

    private var stored: ArraySlice<Stored>
    private var builder: TileBuilder
    private let options: VerifyOptions
    private var against: Checkpoint?
    /// The hash of each tile that the entries make, by level and number, up to the last checkpoint.
    private var tiles: [Place: TreeHash] = [:]
    private let sealed: UInt64

    private struct Place: Hashable {
        let level: Int
        let number: UInt64
    }

    /// - Parameter stored: by size.
    init(_ stored: [Stored], _ options: VerifyOptions, _ result: inout Verification) throws {
        self.stored = stored[...]
        self.options = options
        sealed = stored.last?.size ?? 0
        builder = try TileBuilder()
        checkAgainst(&result)
        for one in stored { check(one, &result) }
        check(atSize: 0, &result)
    }

    var size: UInt64 { builder.size }
    var root: TreeHash { builder.root }

    mutating func append(_ leaf: TreeHash, _ result: inout Verification) {
        builder.append(leaf)
        let size = builder.size
        if size == sealed || (size < sealed && size.isMultiple(of: 65_536)) {
            for content in builder.take() {
                tiles[Place(level: content.tile.level, number: content.tile.number)] = Self.digest(content.hashes.bytes)
            }
        }
        check(atSize: size, &result)
    }

    private mutating func check(atSize size: UInt64, _ result: inout Verification) {
        while let next = stored.first, next.size == size {
            stored.removeFirst()
            result.checkpoints += 1
            if builder.root.bytes != next.root {
                result.found(Int64(clamping: size), "the checkpoint signed at this size has another root")
            }
        }
        if let memory = options.memory, memory.size == size, memory.root != builder.root {
            result.found(Int64(clamping: size), "what was last signed, as remembered outside the database, has another root")
        }
        if let against, against.size == size, against.root != builder.root {
            result.found(Int64(clamping: size), "the log does not extend the checkpoint that it is held against: another root at this size")
        }
    }

    /// To be called after the last event.
    mutating func finish(_ result: inout Verification) {
        let size = builder.size
        for one in stored { result.found(Int64(clamping: size) + 1, "a checkpoint signs \(one.size) events; there are \(size)") }
        if let memory = options.memory, memory.size > size {
            result.found(
                Int64(clamping: size) + 1,
                "\(memory.size) events were signed, as remembered outside the database; there are \(size): it was put back from an older backup, or its tail was cut off"
            )
        }
        if let against, against.size > size {
            result.found(Int64(clamping: size) + 1, "the checkpoint that it is held against has \(against.size) events; there are \(size)")
        }
        result.root = builder.root
    }

    /// Holds a stored tile against the one that the entries make.
    mutating func check(tile level: Int, _ number: UInt64, _ bytes: [UInt8], _ result: inout Verification) {
        let place = Place(level: level, number: number)
        guard let expected = tiles.removeValue(forKey: place) else {
            result.found(0, "a tile is stored that the log does not have: level \(level), number \(number)")
            return
        }
        if expected != Self.digest(bytes) {
            let span = UInt64(1) << UInt64(8 * (level + 1))
            result.found(
                Int64(number * span) + 1, "the stored tile of level \(level), number \(number), is not the one that the entries make")
        }
    }

    /// Whether these bytes are a tile of the tree at the last checkpoint, as the entries make it.
    func isTile(_ tile: Tile, _ bytes: UnsafeRawBufferPointer) -> Bool {
        tiles[Place(level: tile.level, number: tile.number)] == .leaf(bytes)
    }

    /// To be called after the last stored tile.
    mutating func finishTiles(_ result: inout Verification) {
        for place in tiles.keys.sorted(by: { ($0.level, $0.number) < ($1.level, $1.number) }) {
            result.found(0, "a tile is missing: level \(place.level), number \(place.number)")
        }
    }

    private static func digest(_ bytes: [UInt8]) -> TreeHash { .leaf(bytes) }

    // MARK: Signatures

    private mutating func check(_ stored: Stored, _ result: inout Verification) {
        let at = Int64(clamping: stored.size)
        do {
            let note = try Note(stored.note)
            let checkpoint = try Checkpoint(text: note.text)
            if checkpoint.size != stored.size || checkpoint.root.bytes != stored.root {
                result.found(at, "the signed text of the checkpoint does not say what its columns say")
            }
            if let origin = options.origin, checkpoint.origin != origin { result.found(at, "the checkpoint is of another log") }
            if !options.keys.isEmpty { try note.verified(by: options.keys) }
            let lines = stored.cosignatures.map { Note.Signature(line: $0) }
            if lines.contains(where: { $0 == nil }) { result.found(at, "a cosignature of the checkpoint is not one") }
            let whole = Note(text: note.text, signatures: note.signatures + lines.compactMap(\.self))
            let signers = try whole.verified(by: options.keys + options.witnesses)
            if stored.size == sealed {
                result.lastCheckpoint = checkpoint
                result.signers = signers.map(\.name)
            }
        } catch {
            if error == .unsigned, options.keys.isEmpty { return }
            result.found(at, "the checkpoint at this size: \(error)")
        }
    }

    private mutating func checkAgainst(_ result: inout Verification) {
        guard let note = options.against else { return }
        do {
            let checkpoint = try Checkpoint(text: note.text)
            if let origin = options.origin, checkpoint.origin != origin {
                result.found(0, "the checkpoint that it is held against is of another log")
                return
            }
            try note.verified(by: options.keys + options.witnesses)
            against = checkpoint
        } catch {
            result.found(0, "the checkpoint that it is held against: \(error)")
        }
    }
}

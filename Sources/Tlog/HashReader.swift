/// Gives the hashes of a tree's tiles, from wherever they are kept.
public protocol TileReader {
    /// The hashes of a tile: at least `tile.count` of them.
    /// - Throws: where the tile is not to be had.
    mutating func hashes(of tile: Tile) throws -> [TreeHash]
}

/// A tree of a given size, read from its tiles: roots and proofs.
public struct TiledTree<Reader: TileReader> {
    public let size: UInt64
    public private(set) var reader: Reader
    /// Tiles read so far: a proof touches the same ones again and again.
    private var known: [Place: [TreeHash]] = [:]

    private struct Place: Hashable {
        let level: Int
        let number: UInt64
    }

    public init(size: UInt64, reader: Reader) {
        self.size = size
        self.reader = reader
    }

    /// The root of the tree over the first `size` leaves; `prefix` at most ``size``.
    public mutating func root(of prefix: UInt64? = nil) throws -> TreeHash {
        let size = prefix ?? self.size
        return size == 0 ? .empty : try subtree(0, size)
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves (RFC 9162 §2.1.3.1): its sibling first.
    public mutating func inclusionProof(of index: UInt64, size: UInt64? = nil) throws -> [TreeHash] {
        try path(index, 0, size ?? self.size)
    }

    private mutating func path(_ index: UInt64, _ start: UInt64, _ end: UInt64) throws -> [TreeHash] {
        guard end - start > 1 else { return [] }
        let middle = start + Self.split(end - start)
        if index < middle {
            return try path(index, start, middle) + [subtree(middle, end)]
        }
        return try path(index, middle, end) + [subtree(start, middle)]
    }

    /// The proof that the tree of `old` leaves is a prefix of this one (RFC 9162 §2.1.4.1). Empty for `old` 0 or the whole.
    public mutating func consistencyProof(from old: UInt64, size: UInt64? = nil) throws -> [TreeHash] {
        let size = size ?? self.size
        guard old > 0, old < size else { return [] }
        return try subproof(old, 0, size, true)
    }

    private mutating func subproof(_ old: UInt64, _ start: UInt64, _ end: UInt64, _ isWhole: Bool) throws -> [TreeHash] {
        if old == end { return isWhole ? [] : [try subtree(start, end)] }
        let middle = start + Self.split(end - start)
        if old <= middle {
            return try subproof(old, start, middle, isWhole) + [subtree(middle, end)]
        }
        return try subproof(old, middle, end, false) + [subtree(start, middle)]
    }

    /// The hash over the leaves `[start, end)`, where `start` is a multiple of the power of two that holds them.
    private mutating func subtree(_ start: UInt64, _ end: UInt64) throws -> TreeHash {
        let count = end - start
        if count.nonzeroBitCount == 1 { return try perfect(start, log2: count.trailingZeroBitCount) }
        let middle = start + Self.split(count)
        return .node(try subtree(start, middle), try subtree(middle, end))
    }

    /// A perfect subtree of 2^log2 leaves: folded from the hashes of one tile.
    private mutating func perfect(_ start: UInt64, log2: Int) throws -> TreeHash {
        let level = log2 / Tile.height
        let within = log2 % Tile.height
        let first = start >> UInt64(level * Tile.height)
        let number = first / Tile.width
        let offset = Int(first % Tile.width)
        let needed = offset + (1 << within)
        let available = Int(min(Tile.width, (size >> UInt64(level * Tile.height)) - number * Tile.width))
        let place = Place(level: level, number: number)
        if known[place] == nil { known[place] = try reader.hashes(of: Tile(level: level, number: number, count: available)) }
        guard let hashes = known[place], hashes.count >= needed else {
            throw TileError.short(Tile(level: level, number: number, count: needed).path)
        }
        var row = Array(hashes[offset..<needed])
        while row.count > 1 { row = stride(from: 0, to: row.count, by: 2).map { .node(row[$0], row[$0 + 1]) } }
        return row[0]
    }

    /// The largest power of two below `count`.
    static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}

/// A tile is not what it should be.
public enum TileError: Error, Sendable, Hashable, CustomStringConvertible {
    case missing(String)
    /// It holds too few hashes, or no whole number of them.
    case short(String)

    public var description: String {
        switch self {
        case .missing(let path): "\(path) is missing"
        case .short(let path): "\(path) does not hold as many hashes as it should"
        }
    }
}

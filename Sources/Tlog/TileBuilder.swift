/// Grows a tree by its leaves and makes its tiles: in memory are the open tile of each level and nothing else.
public struct TileBuilder: Sendable {
    private var frontier: TreeFrontier
    /// For each level the hashes of the tile that is not full yet.
    private var open: [[TreeHash]]
    /// Where each level's open tile stands.
    private var numbers: [UInt64]
    private var full: [Content] = []
    /// Levels that got a hash since the last call of `take`, a bit each.
    private var touched = 0

    public struct Content: Sendable, Hashable {
        public let tile: Tile
        public let hashes: [TreeHash]
    }

    /// Goes on from a tree of `size` leaves.
    /// - Parameter hashes: gives the hashes of its open tiles, of which there is at most one a level.
    public init(size: UInt64 = 0, open hashes: (Tile) throws -> [TreeHash] = { throw TileError.missing($0.path) }) throws {
        open = []
        numbers = []
        var peaks: [[TreeHash]] = []
        for level in 0...Tile.maximumLevel {
            let count = size >> UInt64(level * Tile.height)
            let tile = Tile(level: level, number: count / Tile.width, count: Int(count % Tile.width))
            var row: [TreeHash] = []
            if tile.count > 0 {
                row = Array(try hashes(tile).prefix(tile.count))
                guard row.count == tile.count else { throw TileError.short(tile.path) }
            }
            open.append(row)
            numbers.append(tile.number)
            peaks.append(Self.peaks(of: row))
        }
        frontier = TreeFrontier(size: size, peaks: peaks.reversed().flatMap(\.self))
    }

    /// The roots of the perfect subtrees that a row of hashes falls into, largest first.
    private static func peaks(of row: [TreeHash]) -> [TreeHash] {
        var rest = row[...]
        var peaks: [TreeHash] = []
        for bit in stride(from: Tile.height - 1, through: 0, by: -1) where row.count & (1 << bit) != 0 {
            var part = Array(rest.prefix(1 << bit))
            rest = rest.dropFirst(1 << bit)
            while part.count > 1 { part = stride(from: 0, to: part.count, by: 2).map { .node(part[$0], part[$0 + 1]) } }
            peaks += part
        }
        return peaks
    }

    public var size: UInt64 { frontier.size }
    public var root: TreeHash { frontier.root }

    public mutating func append(_ leaf: TreeHash) {
        // All but one in 256 leaves complete nothing above the lowest level.
        guard size % Tile.width == Tile.width - 1 else {
            frontier.append(leaf)
            return add(leaf, level: 0)
        }
        var completed: [(hash: TreeHash, level: Int)] = []
        frontier.append(leaf) { hash, log2 in
            if log2 % Tile.height == 0 { completed.append((hash, log2 / Tile.height)) }
        }
        for (hash, level) in completed { add(hash, level: level) }
    }

    private mutating func add(_ hash: TreeHash, level: Int) {
        open[level].append(hash)
        touched |= 1 << level
        guard open[level].count == Int(Tile.width) else { return }
        full.append(Content(tile: Tile(level: level, number: numbers[level], count: open[level].count), hashes: open[level]))
        open[level].removeAll(keepingCapacity: true)
        numbers[level] += 1
    }

    /// The tiles that became full since the last call, and the open ones that grew: all that must be stored.
    public mutating func take() -> [Content] {
        var contents = full
        for level in open.indices where touched & 1 << level != 0 && !open[level].isEmpty {
            contents.append(
                Content(tile: Tile(level: level, number: numbers[level], count: open[level].count), hashes: open[level]))
        }
        (full, touched) = ([], 0)
        return contents
    }
}

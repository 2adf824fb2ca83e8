import Postgres
import Tlog

/// The tiles that a computation over a tree needs. It is run twice at most: first to learn which tiles it asks for, then with them; so they are
/// fetched in one statement.
struct KeptTiles: TileReader {
    private(set) var wanted: [Tile] = []
    private var kept: [Tile: [TreeHash]] = [:]
    private let isRehearsal: Bool

    private init(kept: [Tile: [TreeHash]]?) {
        isRehearsal = kept == nil
        self.kept = kept ?? [:]
    }

    mutating func hashes(of tile: Tile) throws -> [TreeHash] {
        if isRehearsal {
            wanted.append(tile)
            return Array(repeating: .empty, count: tile.count)
        }
        guard let hashes = kept[tile] else { throw TileError.missing(tile.path) }
        return hashes
    }

    /// Runs a computation over the tree of a log's first `size` leaves.
    static func compute<T>(
        _ log: Int32, size: UInt64, on connection: isolated Connection, _ body: (inout TiledTree<KeptTiles>) throws -> T
    ) throws -> T {
        var rehearsal = TiledTree(size: size, reader: KeptTiles(kept: nil))
        _ = try body(&rehearsal)
        var tree = TiledTree(size: size, reader: KeptTiles(kept: try fetch(rehearsal.reader.wanted, log, on: connection)))
        return try body(&tree)
    }

    /// The hashes of tiles, as many as each asks for.
    static func fetch(_ tiles: [Tile], _ log: Int32, on connection: isolated Connection) throws -> [Tile: [TreeHash]] {
        guard !tiles.isEmpty else { return [:] }
        let sql = """
            SELECT t.level, t.number, t.hashes FROM dripline.tiles t JOIN unnest($2::smallint[], $3::bigint[]) AS w (level, number) \
            ON t.level = w.level AND t.number = w.number WHERE t.log_id = $1
            """
        let rows = try connection.query(sql, [log, tiles.map { Int16($0.level) }, tiles.map { Int64($0.number) }])
        var found: [[Int64]: [UInt8]] = [:]
        for row in rows {
            let (level, number, bytes) = try row.decode(Int16.self, Int64.self, [UInt8].self)
            found[[Int64(level), number]] = bytes
        }
        return try Dictionary(
            tiles.map { tile in
                guard let bytes = found[[Int64(tile.level), Int64(tile.number)]] else { throw TileError.missing(tile.path) }
                return (tile, try hashes(bytes, of: tile))
            }
        ) { first, _ in first }
    }

    /// Cuts a tile's bytes into hashes; a tile that has grown since gives its first ones.
    static func hashes(_ bytes: [UInt8], of tile: Tile) throws(TileError) -> [TreeHash] {
        guard bytes.count >= tile.count * TreeHash.byteCount else { throw .short(tile.path) }
        return (0..<tile.count).compactMap { TreeHash(bytes[$0 * TreeHash.byteCount..<($0 + 1) * TreeHash.byteCount]) }
    }
}

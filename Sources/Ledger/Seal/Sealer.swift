import Canonical
import Logging
public import Postgres
public import Tlog

/// Signs the committed prefix of logs.
///
/// One round: re-read the stored bytes of what is new, recompute each leaf, extend the tree, remember (size, root) outside the database, sign, store tiles
/// and checkpoint in one transaction. Killed at any step, the next round goes on from what both sides remember. An advisory lock lets one sealer work
/// on a log at a time; that two never sign different trees follows from the memory, not from the lock.
public struct Sealer: Sendable {
    let keys: SigningKeys
    let memory: SealMemory

    /// Leaves sealed in one round at most: a transaction's worth.
    static let maximumLeaves: UInt64 = 100_000

    public init(keys: SigningKeys, memory: SealMemory) {
        self.keys = keys
        self.memory = memory
    }

    /// The settings that its connection needs: the log is read along its index, which has the order already. Left to itself the planner fetches a round's
    /// rows in any order, with several processes, and sorts them in files.
    public static func settings(_ settings: ConnectionSettings) -> ConnectionSettings {
        settings.setting(role: "dripline_sealer").setting(statementTimeoutMilliseconds: 0).setting(option: "enable_seqscan", to: "off")
            .setting(option: "enable_sort", to: "off")
    }

    /// What a round did.
    public struct Round: Sendable, Hashable {
        public let checkpoint: Checkpoint
        public let note: Note
        /// Leaves that were not covered before.
        public let added: UInt64
        /// Whether the log has grown further than one round takes.
        public let isBehind: Bool
    }

    /// One round for one log.
    /// - Returns: nil where there is nothing new, or another sealer is at it.
    /// - Throws: `SealError` where signing would be wrong; `PostgresError`.
    public func seal(_ log: LogName, number: Int32, on connection: Connection) async throws -> Round? {
        try await connection.transaction { connection in
            guard
                try connection.query("SELECT pg_try_advisory_xact_lock($1, $2)", [Self.lock, number]).first?.value(0, as: Bool.self) == true
            else { return nil }
            return try round(log, number, on: connection)
        }
    }

    private static let lock: Int32 = 0x5345_414C

    private func round(_ log: LogName, _ number: Int32, on connection: isolated Connection) throws -> Round? {
        let row = try connection.query("SELECT size FROM dripline.logs WHERE log_id = $1", [number]).first
        let held = UInt64(try row?.value(0, as: Int64.self) ?? 0)
        let last = try lastCheckpoint(number, on: connection)
        let remembered = try memory.state(of: log)
        if let remembered, remembered.size > held { throw SealError.behind(log, signed: remembered.size, held: held) }
        try check(last, remembered, log, number, on: connection)
        let start = last?.size ?? 0
        // What was remembered and not published, because the round was killed in between, is in the next tree.
        let end = min(held, max(remembered?.size ?? 0, start + Self.maximumLeaves))
        guard end > start || (last == nil && remembered == nil) else { return nil }

        var builder = try self.builder(size: start, number, on: connection)
        if let last, builder.root != last.root { throw SealError.tiles(log, size: start) }
        try extend(&builder, to: end, expecting: remembered, log, number, on: connection)

        let state = SealMemory.State(size: end, root: builder.root)
        try memory.advance(log, from: remembered, to: state)
        let checkpoint = Checkpoint(origin: keys.origin(of: log), size: end, root: builder.root)
        let note = Note(text: checkpoint.text, signatures: [try keys.signer(for: log).sign(checkpoint.text)])
        try store(builder.take(), checkpoint, note, number, on: connection)
        return Round(checkpoint: checkpoint, note: note, added: end - start, isBehind: end < held)
    }

    /// The memory and the last checkpoint must tell of one history.
    private func check(
        _ last: SealMemory.State?, _ remembered: SealMemory.State?, _ log: LogName, _ number: Int32, on connection: isolated Connection
    ) throws {
        guard let last, let remembered, remembered.size <= last.size else { return }
        let root: TreeHash
        do {
            root = try KeptTiles.compute(number, size: last.size, on: connection) { try $0.root(of: remembered.size) }
        } catch is TileError {
            throw SealError.tiles(log, size: remembered.size)
        }
        guard root == remembered.root else { throw SealError.forked(log, size: remembered.size) }
    }

    private func lastCheckpoint(_ number: Int32, on connection: isolated Connection) throws -> SealMemory.State? {
        let sql = "SELECT size, root FROM dripline.checkpoints WHERE log_id = $1 ORDER BY size DESC LIMIT 1"
        guard let row = try connection.query(sql, [number]).first else { return nil }
        let (size, root) = try row.decode(Int64.self, [UInt8].self)
        return TreeHash(root).map { SealMemory.State(size: UInt64(size), root: $0) }
    }

    private func builder(size: UInt64, _ number: Int32, on connection: isolated Connection) throws -> TileBuilder {
        // Rehearsed, so that the open tiles are read in one statement.
        var open: [Tile] = []
        _ = try TileBuilder(size: size) { tile in
            open.append(tile)
            return Array(repeating: .empty, count: tile.count)
        }
        let tiles = try KeptTiles.fetch(open, number, on: connection)
        return try TileBuilder(size: size) { tile in
            guard let hashes = tiles[tile] else { throw TileError.missing(tile.path) }
            return hashes
        }
    }

    /// Reads the entries from the stored bytes and adds their leaves.
    private func extend(
        _ builder: inout TileBuilder, to end: UInt64, expecting remembered: SealMemory.State?, _ log: LogName, _ number: Int32,
        on connection: isolated Connection
    ) throws {
        var tree = builder
        _ = try connection.copyOut("COPY (\(Self.leaves(number, after: tree.size, to: end))) TO STDOUT (FORMAT binary)") { row in
            // Looked at where it lies: nothing but its hash is kept.
            let hash = try row.withFields(3) { bytes, fields in
                let expected = Int64(tree.size) + 1
                guard let position = bytes[fields[0]], let leaf = bytes[fields[1]], let entry = bytes[fields[2]],
                    position.count == 8, Int64(bigEndian: position.loadUnaligned(as: Int64.self)) == expected
                else { throw SealError.altered(log, position: expected) }
                let hash = TreeHash.leaf(entry)
                guard hash.equals(leaf) else { throw SealError.altered(log, position: expected) }
                return hash
            }
            tree.append(hash)
            if let remembered, tree.size == remembered.size, tree.root != remembered.root { throw SealError.forked(log, size: tree.size) }
        }
        guard tree.size == end else { throw SealError.altered(log, position: Int64(tree.size) + 1) }
        builder = tree
    }

    /// COPY takes no parameters; the three are integers.
    static func leaves(_ number: Int32, after start: UInt64, to end: UInt64) -> String {
        """
        SELECT e.position, e.leaf, e.entry FROM dripline.events e WHERE e.log_id = \(number) AND e.position > \(start) AND e.position <= \(end) \
        ORDER BY e.position
        """
    }

    private func store(
        _ contents: [TileBuilder.Content], _ checkpoint: Checkpoint, _ note: Note, _ number: Int32, on connection: isolated Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO dripline.tiles AS t (log_id, level, number, hashes) \
            SELECT $1, w.level, w.number, w.hashes FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS w (level, number, hashes) \
            ON CONFLICT (log_id, level, number) DO UPDATE SET hashes = excluded.hashes
            """,
            [
                number, contents.map { Int16($0.tile.level) }, contents.map { Int64($0.tile.number) },
                contents.map(\.hashes.bytes),
            ])
        try connection.execute(
            "INSERT INTO dripline.checkpoints (log_id, size, root, note) VALUES ($1, $2, $3, $4)",
            [number, Int64(checkpoint.size), checkpoint.root.bytes, note.description])
    }
}

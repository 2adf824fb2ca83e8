import Postgres
public import Tlog

/// Why there is no proof to give.
public enum ProofError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing of the log has been signed yet.
    case unsealed(LogName)
    /// What was asked for lies beyond the last checkpoint, or before the first event.
    case beyond(LogName, size: UInt64)
    /// Sizes of which a proof of consistency would prove nothing.
    case sizes

    public var description: String {
        switch self {
        case .unsealed(let log): "\(log) has no signed checkpoint yet; a running `dripline serve`, or `dripline checkpoint`, makes one."
        case .beyond(let log, let size):
            "The last checkpoint of \(log) covers positions 1 to \(size); ask for one of those, or wait a moment."
        case .sizes: "A proof of consistency leads from a size above 0 to a size that is no smaller."
        }
    }
}

/// A checkpoint as it is published: signed by the log, and by the witnesses that have answered so far.
public struct SignedCheckpoint: Sendable, Hashable {
    public let checkpoint: Checkpoint
    public let note: Note
}

extension Ledger {
    /// The last checkpoint of a log; nil where nothing has been signed.
    public func checkpoint(of log: LogName) async throws -> SignedCheckpoint? {
        guard let number = try await number(of: log) else { return nil }
        return try await perform { try await Ledger.checkpoint(number, on: $0) }
    }

    static func checkpoint(_ number: Int32, upTo last: Int64 = .max, on connection: isolated Connection) throws -> SignedCheckpoint? {
        let sql = """
            SELECT c.note, (SELECT array_agg(w.line ORDER BY w.witness) FROM dripline.cosignatures w \
            WHERE w.log_id = c.log_id AND w.size = c.size) FROM dripline.checkpoints c \
            WHERE c.log_id = $1 AND c.size <= $2 ORDER BY c.size DESC LIMIT 1
            """
        guard let row = try connection.query(sql, [number, last]).first else { return nil }
        let (text, lines) = try row.decode(String.self, [String]?.self)
        let note = try Note(text)
        let cosignatures = (lines ?? []).compactMap { Note.Signature(line: $0) }
        return SignedCheckpoint(
            checkpoint: try Checkpoint(text: note.text), note: Note(text: note.text, signatures: note.signatures + cosignatures))
    }

    /// The proof that the event at a position is in the log that the last checkpoint signs.
    /// - Throws: `ProofError`.
    public func proof(of position: Int64, in log: LogName) async throws -> ProofFile {
        try await withCheckpoint(of: log) { signed, number, connection in
            let size = signed.checkpoint.size
            guard position >= 1, UInt64(position) <= size else { throw ProofError.beyond(log, size: size) }
            let index = UInt64(position - 1)
            let path = try KeptTiles.compute(number, size: size, on: connection) { try $0.inclusionProof(of: index) }
            return ProofFile(index: index, path: path, checkpoint: signed.note)
        }
    }

    /// The proofs of several events, all in the same checkpoint; those beyond the last one have none.
    /// - Throws: `ProofError.unsealed`.
    public func proofs(of positions: [Int64], in log: LogName) async throws -> [Int64: ProofFile] {
        try await withCheckpoint(of: log) { signed, number, connection in
            let size = signed.checkpoint.size
            let indices = positions.filter { $0 >= 1 && UInt64($0) <= size }.map { UInt64($0 - 1) }
            // One computation, so that the tiles that the paths share are fetched once.
            let paths = try KeptTiles.compute(number, size: size, on: connection) { tree in
                try indices.map { try tree.inclusionProof(of: $0) }
            }
            return Dictionary(
                zip(indices, paths).map { (Int64($0) + 1, ProofFile(index: $0, path: $1, checkpoint: signed.note)) }
            ) { first, _ in first }
        }
    }

    /// The proof that the first `old` events are a prefix of the first `new`, with the sizes' roots.
    /// - Throws: `ProofError`.
    public func consistency(from old: UInt64, to new: UInt64, in log: LogName) async throws -> ConsistencyProof {
        try await withCheckpoint(of: log) { signed, number, connection in
            guard new <= signed.checkpoint.size else { throw ProofError.beyond(log, size: signed.checkpoint.size) }
            guard old > 0, old <= new else { throw ProofError.sizes }
            return try KeptTiles.compute(number, size: signed.checkpoint.size, on: connection) { tree in
                ConsistencyProof(
                    origin: signed.checkpoint.origin, oldSize: old, oldRoot: try tree.root(of: old), size: new,
                    root: try tree.root(of: new),
                    path: try tree.consistencyProof(from: old, size: new))
            }
        }
    }

    /// The bytes of a tile, or of a bundle of entries, within the last checkpoint; nil for one that is not there.
    public func tile(_ path: TilePath, in log: LogName) async throws -> [UInt8]? {
        guard let number = try await number(of: log) else { return nil }
        return try await perform { connection in
            guard let size = try await Ledger.checkpoint(number, on: connection)?.checkpoint.size else { return nil }
            return try await Ledger.tile(path, size: size, number, on: connection)
        }
    }

    static func tile(_ path: TilePath, size: UInt64, _ number: Int32, on connection: isolated Connection) throws -> [UInt8]? {
        let (start, over) = path.number.multipliedReportingOverflow(by: Tile.width)
        let row = path.level.map { size >> UInt64($0 * 8) } ?? size
        guard !over, start < row, row - start >= UInt64(path.count) else { return nil }
        guard let level = path.level else {
            let sql = """
                SELECT e.entry FROM dripline.events e WHERE e.log_id = $1 AND e.position > $2 AND e.position <= $3 ORDER BY e.position
                """
            let entries = try connection.query(sql, [number, Int64(start), Int64(start) + Int64(path.count)]).map {
                try $0.decode(String.self)
            }
            return entries.count == path.count ? EntryBundle.encode(entries) : nil
        }
        let tile = Tile(level: level, number: path.number, count: path.count)
        return try KeptTiles.fetch([tile], number, on: connection)[tile]?.flatMap(\.bytes)
    }

    private func withCheckpoint<T: Sendable>(
        of log: LogName, _ body: @escaping @Sendable (SignedCheckpoint, Int32, isolated Connection) throws -> T
    ) async throws -> T {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        return try await perform { connection in
            try await connection.transaction(TransactionOptions(isolation: .repeatableRead, readOnly: true)) { connection in
                guard let signed = try Ledger.checkpoint(number, on: connection) else { throw ProofError.unsealed(log) }
                return try body(signed, number, connection)
            }
        }
    }
}

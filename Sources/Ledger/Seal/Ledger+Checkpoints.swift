public import Canonical
import Postgres
public import Tlog

/// A checkpoint in a list of them.
public struct ListedCheckpoint: Sendable, Hashable {
    /// How many events it covers: the position of the last of them.
    public let size: Int64
    public let root: TreeHash
    public let signedAt: Timestamp
    /// The names of the witnesses that cosigned it.
    public let witnesses: [String]
}

extension Ledger {
    /// The checkpoints of a log, the newest first.
    /// - Parameter before: only those that cover fewer events.
    public func checkpoints(of log: LogName, before: Int64? = nil, limit: Int) async throws -> [ListedCheckpoint] {
        guard let number = try await number(of: log) else { return [] }
        let rows = try await perform { connection in
            try await connection.query(
                """
                SELECT c.size, c.root, c.signed_at, coalesce((SELECT array_agg(w.witness ORDER BY w.witness) FROM dripline.cosignatures w \
                WHERE w.log_id = c.log_id AND w.size = c.size), '{}') FROM dripline.checkpoints c \
                WHERE c.log_id = $1 AND c.size > 0 AND c.size < $2 ORDER BY c.size DESC LIMIT $3
                """, [number, before ?? Int64.max, Int64(limit)])
        }
        return try rows.map { row in
            let (size, root, signed, witnesses) = try row.decode(Int64.self, [UInt8].self, SQLTimestamp.self, [String].self)
            guard let root = TreeHash(root) else { throw LedgerError.malformed("a checkpoint's root is no hash") }
            return ListedCheckpoint(
                size: size, root: root, signedAt: Timestamp(microseconds: signed.microseconds), witnesses: witnesses)
        }
    }
}

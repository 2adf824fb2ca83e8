import Canonical
import Postgres

extension Ledger {
    /// Reads the whole log up to its head of this moment and recomputes it: positions, versions, times, entries, payload digests,
    /// leaf hashes, event ids, the register of commands, tiles, checkpoints and their signatures. Appends go on meanwhile.
    /// - Parameter progress: called now and then with the events read so far and the number to read.
    public func verify(
        _ log: LogName, _ options: VerifyOptions = VerifyOptions(), progress: (@Sendable (Int64, Int64) -> Void)? = nil
    ) async throws -> Verification {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        return try await perform { connection in
            // One snapshot for the head and the events.
            try await connection.transaction(TransactionOptions(isolation: .repeatableRead, readOnly: true)) { connection in
                try connection.execute("SET LOCAL statement_timeout = 0")
                let head = try connection.query("SELECT size, recorded_at FROM dripline.logs WHERE log_id = $1", [number])
                guard let row = head.first else { throw LedgerError.unknownLog(log) }
                let (size, recorded) = try row.decode(Int64.self, SQLTimestamp.self)
                var verifier = try Verifier(
                    log: log, size: size, recordedAt: Timestamp(microseconds: recorded.microseconds),
                    checkpoints: try Ledger.checkpoints(number, on: connection), options: options)
                // COPY takes no parameters; the number is an integer.
                let sql = """
                    COPY (SELECT \(VerifiedRow.columns) FROM dripline.events e \
                    LEFT JOIN dripline.commands k ON k.log_id = e.log_id AND k.command = e.command \
                    WHERE e.log_id = \(number) ORDER BY e.position) TO STDOUT (FORMAT binary)
                    """
                _ = try connection.copyOut(sql) { row in
                    verifier.take(try VerifiedRow(&row))
                    if verifier.result.events.isMultiple(of: 10_000) { progress?(verifier.result.events, size) }
                }
                let unkept = try connection.query(
                    """
                    SELECT k.first_position FROM dripline.commands k WHERE k.log_id = $1 AND NOT EXISTS (
                        SELECT FROM dripline.events e WHERE e.log_id = k.log_id AND e.position = k.first_position AND e.command = k.command)
                    ORDER BY 1
                    """, [number])
                verifier.finish(unkept: try unkept.map { try $0.decode(Int64.self) })
                let tiles =
                    "COPY (SELECT t.level, t.number, t.hashes FROM dripline.tiles t WHERE t.log_id = \(number)) TO STDOUT (FORMAT binary)"
                _ = try connection.copyOut(tiles) { row in
                    let (level, tile, hashes) = try row.decode(Int16.self, Int64.self, [UInt8].self)
                    verifier.take(tile: Int(level), UInt64(tile), hashes)
                }
                verifier.finishTiles()
                progress?(verifier.result.events, size)
                return verifier.result
            }
        }
    }

    /// Every stored checkpoint with its cosignatures, by size.
    private static func checkpoints(_ number: Int32, on connection: isolated Connection) throws -> [CheckpointAudit.Stored] {
        let sql = """
            SELECT c.size, c.root, c.note, coalesce((SELECT array_agg(w.line ORDER BY w.witness) FROM dripline.cosignatures w \
            WHERE w.log_id = c.log_id AND w.size = c.size), '{}') FROM dripline.checkpoints c WHERE c.log_id = $1 ORDER BY c.size
            """
        return try connection.query(sql, [number]).map { row in
            let (size, root, note, lines) = try row.decode(Int64.self, [UInt8].self, String.self, [String].self)
            return CheckpointAudit.Stored(size: UInt64(size), root: root, note: note, cosignatures: lines)
        }
    }
}

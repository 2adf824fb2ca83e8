import Postgres
public import Tlog

extension Ledger {
    /// Keeps a witness's signature line beside the checkpoint that it is for. The first one stays.
    public func keep(cosignature: Note.Signature, of checkpoint: Checkpoint, in log: LogName) async throws {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        try await perform { connection in
            try await connection.transaction { connection in
                try connection.execute("SET LOCAL ROLE dripline_sealer")
                try connection.execute(
                    """
                    INSERT INTO dripline.cosignatures (log_id, size, witness, line) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (log_id, size, witness) DO NOTHING
                    """,
                    [number, Int64(checkpoint.size), cosignature.name, String(cosignature.line.dropLast())])
            }
        }
    }
}

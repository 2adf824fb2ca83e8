import Canonical
import Foundation
import Postgres

extension Ledger {
    /// Reads the whole log up to its head of this moment and recomputes it: positions, versions, times, entries, payload digests,
    /// leaf hashes, event ids, the register of commands, tiles, checkpoints and their signatures. Appends go on meanwhile.
    ///
    /// Ranges of positions are read and checked at once over several connections that share one snapshot; what runs along the log is checked in its order.
    /// - Parameter progress: called now and then with the events read so far and the number to read.
    public func verify(
        _ log: LogName, _ options: VerifyOptions = VerifyOptions(), progress: (@Sendable (Int64, Int64) -> Void)? = nil
    ) async throws -> Verification {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        return try await perform { connection in
            try await connection.snapshot { snapshot in
                let work = VerifyWork(
                    log: log, number: number, options: options,
                    snapshot: SharedSnapshot(name: snapshot, settings: pool.settings, logger: logger))
                let (verification, isRegister) = try await work.run(isRegistered: false, on: connection, progress)
                if isRegister { return verification }
                // Which command it is that is registered wrongly only shows beside the events.
                return try await work.run(isRegistered: true, on: connection, progress).verification
            }
        }
    }
}

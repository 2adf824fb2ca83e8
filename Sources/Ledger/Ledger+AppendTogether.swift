import Postgres

extension Ledger {
    /// Appends commands in one commit, all or none: where one of them does not fit, nothing of any is written.
    ///
    /// A connection lost on the way is resolved by sending the same commands again, as in `append`.
    /// - Parameter commands: 1 to 10,000 events in all; no id twice.
    /// - Returns: one outcome for each, in order. Where one is a conflict or a reused id, none of the others was written: what they say of
    ///   receipts is void.
    /// - Throws: `LedgerError`; with `.unreachable` the outcome is unknown.
    public func appendTogether(_ commands: [AppendCommand], to log: LogName) async throws -> [AppendOutcome] {
        let parameters = AppendParameters(commands, log: log)
        let (start, observer) = (ContinuousClock.now, self.observer)
        defer {
            let time = ContinuousClock.now - start
            for _ in commands { observer?.appended(time) }
            observer?.committed(commands.count, commands.reduce(0) { $0 + $1.events.count }, time)
        }
        return try await untilKnown(log) {
            let outcomes = try await pool.withConnection { connection in
                do {
                    return try await connection.transaction { connection in
                        let rows = try connection.query(AppendParameters.statement, parameters.values)
                        let outcomes = try AppendParameters.outcomes(of: rows, for: commands)
                        guard outcomes.allSatisfy({ $0.receipts != nil }) else { throw NotAll(outcomes: outcomes) }
                        return outcomes
                    }
                } catch let undone as NotAll {
                    return undone.outcomes
                }
            }
            announcer.announce(log)
            tellWatchers(of: commands)
            return outcomes
        }
    }

    /// Rolls the transaction back.
    private struct NotAll: Error {
        let outcomes: [AppendOutcome]
    }
}

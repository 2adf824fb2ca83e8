import Postgres

@testable import Ledger

extension Connection {
    /// Calls `dripline.append` on this connection, without what `Ledger` does around it.
    @discardableResult
    func append(_ command: AppendCommand, to log: LogName) async throws -> AppendOutcome {
        let rows = try query(AppendParameters.statement, AppendParameters([command], log: log).values)
        return try AppendParameters.outcomes(of: rows, for: [command])[0]
    }
}

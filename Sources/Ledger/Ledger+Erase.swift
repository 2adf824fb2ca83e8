public import Postgres

/// The parts of an erasure that concern the log. They run in one transaction of the caller's, on a connection that acts as `dripline_eraser`.
extension Ledger {
    /// Appends one command in the caller's transaction. The log's head stays locked until that ends.
    /// - Throws: `PostgresError`; what `outcomes` throws.
    public static func append(_ command: AppendCommand, to log: LogName, on connection: isolated Connection) throws -> AppendOutcome {
        let rows = try connection.query(AppendParameters.statement, AppendParameters([command], log: log).values)
        return try AppendParameters.outcomes(of: rows, for: [command])[0]
    }

    /// Takes away the payloads, salts and reasons of the events that the PayloadErased event at a position names.
    /// - Returns: how many events lost something.
    public static func erase(namedAt position: Int64, in log: LogName, on connection: isolated Connection) throws -> Int64 {
        let row = try connection.query("SELECT dripline.erase($1, $2, $3)", [log.clinic, log.kind.rawValue, position]).first
        return try row?.decode(Int64.self) ?? 0
    }

    /// Tells followers that a log has grown, after the caller's transaction committed.
    public func announce(_ log: LogName) { announcer.announce(log) }
}

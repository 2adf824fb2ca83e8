import Clinic
public import Ledger
import Postgres

extension Ledger {
    /// Holds every row of a clinic's read models against a fresh fold of the log, as of the positions up to which each says that it is.
    ///
    /// Each read model is compared on one snapshot with its bookkeeping and the log, while events are folded in and tables are switched. Memory
    /// holds a page of streams with their rows.
    /// - Parameter progress: called now and then with the read model that is looked at, and the streams folded so far.
    public func verifyReadModels(
        of clinic: String, progress: (@Sendable (String, Int) -> Void)? = nil
    ) async throws -> ReadModelVerification {
        var result = ReadModelVerification(clinic: clinic)
        for projection in allProjections {
            var numbers: [LogName.Kind: Int32] = [:]
            for kind in projection.followed {
                guard let log = LogName(clinic: clinic, kind: kind) else { continue }
                numbers[kind] = try await number(of: log)
            }
            let verifier = ReadModelVerifier(projection: projection, logs: ClinicLogs(clinic: clinic, numbers: numbers), progress: progress)
            result = try await verify(verifier, result)
        }
        return result
    }

    /// Switches of the tables that a comparison may meet before it gives up: a rebuild takes longer than a comparison.
    private static let maximumSwitches = 3

    private func verify(_ verifier: ReadModelVerifier, _ before: ReadModelVerification) async throws -> ReadModelVerification {
        for _ in 0..<Self.maximumSwitches {
            let result = try await read { connection in
                try await connection.transaction(TransactionOptions(isolation: .repeatableRead, readOnly: true)) { connection in
                    try connection.execute("SET LOCAL statement_timeout = 0")
                    var result = before
                    try verifier.run(&result, on: connection)
                    return try verifier.areTablesOfSnapshot(on: connection) ? result : nil
                }
            }
            if let result { return result }
        }
        throw ProjectionError.switching(verifier.projection.name)
    }
}

import Ledger
import Projections
import Service

extension Database {
    /// Waits until every read model holds all that is recorded of a clinic: a service that has just started is still making their tables.
    func waitForReadModels(of log: LogName) async throws {
        for kind in LogName.Kind.allCases {
            let size = try await ledger.head(of: log.with(kind)).size
            for projection in allProjections {
                try await ledger.waitForProjection(projection, of: log.with(kind), position: size, limit: .seconds(120))
            }
        }
    }
}

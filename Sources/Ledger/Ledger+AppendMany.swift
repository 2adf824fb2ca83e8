import Canonical
import Foundation
import Postgres

/// The commands of one log that go down together.
struct LogBatch: Sendable {
    let log: LogName
    let commands: [AppendCommand]
}

extension Ledger {
    /// Appends the batches of several logs in one call and one commit.
    /// - Returns: for each batch its outcomes, all appended; nil where it was left out, and is for `append`: the log is new or held by somebody, or
    ///   some command of the call needs judging.
    /// - Throws: as `append`.
    func appendMany(_ batches: [LogBatch]) async throws -> [[AppendOutcome]?] {
        let parameters = Self.parameters(of: batches)
        return try await untilKnown(batches[0].log) {
            let rows: Rows
            do {
                rows = try await pool.withConnection { try await $0.query(Self.appendMany, parameters) }
            } catch let error as PostgresError where error.sqlState == AppendState.unjudged {
                return batches.map { _ in nil }
            }
            var receipts: [UUID: Receipt] = [:]
            for row in rows {
                let receipt = try Receipt(row, from: 0)
                receipts[receipt.event] = receipt
            }
            let outcomes = batches.map { batch in batch.commands.compactMap { Self.outcome(of: $0, receipts) } }
            return zip(batches, outcomes).map { batch, outcomes in
                guard outcomes.count == batch.commands.count else { return nil }
                announcer.announce(batch.log)
                tellWatchers(of: batch.commands)
                return outcomes
            }
        }
    }

    /// Of `appendMany`.
    static func parameters(of batches: [LogBatch]) -> [(any SQLValue)?] {
        let places = batches.enumerated().flatMap { place, batch in batch.commands.map { _ in Int32(place + 1) } }
        return [batches.map(\.log.clinic), batches.map(\.log.kind.rawValue), places]
            + AppendParameters.arrays(of: batches.flatMap(\.commands))
    }

    static let appendMany = """
        SELECT event, position, version, recorded_at, leaf \
        FROM dripline.append_many($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """

    private static func outcome(of command: AppendCommand, _ receipts: [UUID: Receipt]) -> AppendOutcome? {
        let own = command.events.indices.compactMap { receipts[command.eventID($0)] }
        return own.count == command.events.count ? .appended(own) : nil
    }
}

import Canonical
import Foundation
import Logging
import Postgres

extension Ledger {
    /// How often an append whose result is unknown is sent again before giving up.
    static let maximumAttempts = 8

    /// Appends commands in one call and one commit, each with its own outcome, in their order.
    ///
    /// A connection lost on the way, even during COMMIT, is resolved by sending the same commands again: their ids make that safe.
    /// - Parameter commands: 1 to 10,000 events in all; no id twice.
    /// - Throws: `LedgerError`; with `.unreachable` the outcome is unknown.
    public func append(_ commands: [AppendCommand], to log: LogName) async throws -> [AppendOutcome] {
        let parameters = AppendParameters(commands, log: log)
        return try await untilKnown(log) {
            let rows = try await pool.withConnection { connection in
                try await connection.query(AppendParameters.statement, parameters.values)
            }
            announcer.announce(log)
            tellWatchers(of: commands)
            return try AppendParameters.outcomes(of: rows, for: commands)
        }
    }

    /// Runs what appends again and again until its result is known. Bounded.
    func untilKnown<T>(_ log: LogName, _ append: () async throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await append()
            } catch let error as PostgresError where error.isConnectionFailure || error.resultUnknown || error.isRetryable {
                guard attempt < Ledger.maximumAttempts, !Task.isCancelled, !isClosing else { throw LedgerError(error) }
                logger.warning("append interrupted, sending it again", metadata: ["log": "\(log)", "sqlstate": "\(error.sqlState)"])
                // 20 ms doubling to 1.3 s: about 2.5 s in all, on top of the pool's own reconnecting.
                try await Task.sleep(for: .milliseconds(10 << attempt))
                attempt += 1
            } catch let error as PostgresError {
                throw LedgerError(error)
            } catch let error as PoolError where error == .busy {
                throw LedgerError.unreachable(error.description)
            }
        }
    }
}

/// The arrays of `dripline.append`. Salts and digests are made here, before the clinic's head row is locked.
struct AppendParameters {
    static let statement = """
        SELECT command, outcome, condition_stream, expected_version, actual_version, event, position, version, recorded_at, leaf \
        FROM dripline.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
        ORDER BY command, position
        """

    let values: [(any SQLValue)?]

    init(_ commands: [AppendCommand], log: LogName) {
        values = [log.clinic, log.kind.rawValue] + Self.arrays(of: commands)
    }

    /// From `in_commands` on.
    static func arrays(of commands: [AppendCommand]) -> [(any SQLValue)?] {
        var conditionCommands: [Int32] = []
        var conditions: [StreamCondition] = []
        var eventCommands: [Int32] = []
        var ids: [UUID] = []
        var events: [NewEvent] = []
        for (index, command) in commands.enumerated() {
            let number = Int32(index + 1)
            for condition in command.conditions {
                conditionCommands.append(number)
                conditions.append(condition)
            }
            for (ordinal, event) in command.events.enumerated() {
                eventCommands.append(number)
                ids.append(command.eventID(ordinal))
                events.append(event)
            }
        }
        let salts = Digest.salts(events.count)
        let reasons = zip(events, salts).map { event, salt in event.override.map { Digest.keyed($0.reason, salt: salt) } }
        let payloads = zip(events, salts).map { event, salt in Digest.keyed(event.payload, salt: salt) }
        return [
            commands.map(\.id), commands.map(\.actor), commands.map { $0.chartedAt.map(SQLTimestamp.init) },
            conditionCommands, conditions.map(\.stream), conditions.map(\.version),
            eventCommands, ids, events.map(\.stream), events.map(\.type), events.map { SQLTimestamp($0.occurredAt) },
            events.map(\.subject), events.map { $0.override?.gate }, events.map { $0.override?.reason }, reasons,
            salts, events.map(\.payload), payloads, events.map(\.v),
        ]
    }

    /// One outcome for each command, in order.
    static func outcomes(of rows: Rows, for commands: [AppendCommand]) throws -> [AppendOutcome] {
        var outcomes: [AppendOutcome?] = Array(repeating: nil, count: commands.count)
        // Of a command that is in the log, now or from before: the rows of one stand together.
        var (current, receipts, isRepeat) = (-1, [Receipt](), false)
        func close() {
            if current >= 0 { outcomes[current] = isRepeat ? .repeated(receipts) : .appended(receipts) }
            (current, receipts) = (-1, [])
        }
        var state = ""
        for row in rows {
            let index = Int(try row.int32(0)) - 1
            if index != current { close() }
            try row.string(1, into: &state)
            switch state {
            case AppendState.conflict:
                outcomes[index] = .conflict(stream: try row.string(2), expected: try row.int64(3), actual: try row.int64(4))
            case AppendState.reused:
                outcomes[index] = .reused
            default:
                if current < 0 {
                    (current, isRepeat) = (index, state == AppendState.repeated)
                    receipts.reserveCapacity(commands[index].events.count)
                }
                receipts.append(try Receipt(row, from: 5))
            }
        }
        close()
        return try outcomes.enumerated().map { index, outcome in
            guard let outcome else { throw LedgerError.malformed("the database gave no outcome for command \(index + 1)") }
            return outcome
        }
    }
}

extension Receipt {
    /// Reads event, position, version, time and leaf from the columns that start there.
    init(_ row: Row, from column: Int) throws {
        self.init(
            event: try row.uuid(column), position: try row.int64(column + 1), version: try row.int64(column + 2),
            recordedAt: Timestamp(microseconds: try row.timestamp(column + 3).microseconds), leaf: try row.bytes(column + 4))
    }
}

extension SQLTimestamp {
    init(_ time: Timestamp) { self.init(microseconds: time.microseconds) }
}

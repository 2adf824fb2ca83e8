import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Plans are kept with the functions of a session, made when the log was young: they must serve when it has grown.
@Suite(.ledger) struct YoungPlanTests {
    private let log = LogName.test()

    private func batch(_ count: Int) -> [AppendCommand] {
        (0..<count).map { number in
            .vitals(session(number), conditions: [StreamCondition(stream: patient(number), version: 0)])
        }
    }

    /// What one more call reads of the events' table.
    private func rowsRead(by call: (Connection) async throws -> Void, on connection: Connection) async throws -> Int64 {
        let sql = """
            SELECT (seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables WHERE schemaname = 'dripline' AND relname = 'events'
            """
        // Counted since the session last told its figures to the server, which it does outside of transactions only.
        try await connection.script("BEGIN")
        let before = try await connection.query(sql).only().decode(Int64.self)
        try await call(connection)
        let after = try await connection.query(sql).only().decode(Int64.self)
        try await connection.script("COMMIT")
        return after - before
    }

    @Test func aBatchReadsNoMoreOfAGrownLog() async throws {
        let connection = try await TestDatabase.current.connect()
        func append(_ commands: [AppendCommand]) async throws {
            let rows = try await connection.query(AppendParameters.statement, AppendParameters(commands, log: log).values)
            #expect(try AppendParameters.outcomes(of: rows, for: commands).allSatisfy { $0.receipts != nil })
        }
        // As many as the first patients of a clinic make, never analysed.
        for number in 0..<130 { try await append([.vitals(session(number))]) }
        try await append(batch(2))
        for _ in 0..<20 { try await append(batch(100)) }
        let read = try await rowsRead(by: { _ in try await append(batch(100)) }, on: connection)
        #expect(read <= 500, "\(read) rows for 100 events")
        await connection.close()
    }

    @Test func aCallForSeveralLogsReadsNoMoreOfGrownLogs() async throws {
        let connection = try await TestDatabase.current.connect()
        let logs = (0..<4).map { LogName.test("clinic-\($0)") }
        for log in logs {
            for number in 0..<33 { try await connection.append(.vitals(session(number)), to: log) }
        }
        func append() async throws {
            let rows = try await connection.query(
                Ledger.appendMany, Ledger.parameters(of: logs.map { LogBatch(log: $0, commands: batch(25)) }))
            #expect(rows.count == 100)
        }
        for _ in 0..<20 { try await append() }
        let read = try await rowsRead(by: { _ in try await append() }, on: connection)
        #expect(read <= 500, "\(read) rows for 100 events")
        await connection.close()
    }

    /// As every decision reads what it is about.
    @Test func readingStreamsReadsNoMoreOfAGrownLog() async throws {
        let connection = try await Connection.connect(Ledger.settings(TestDatabase.current.settings), logger: .silent)
        func append(_ commands: [AppendCommand]) async throws {
            _ = try await connection.query(AppendParameters.statement, AppendParameters(commands, log: log).values)
        }
        for number in 0..<130 { try await append([.vitals(session(number))]) }
        let number = try await connection.query("SELECT log_id FROM dripline.logs").only().decode(Int32.self)
        func read(_ count: Int, on connection: isolated Connection) throws {
            let streams = (0..<count).map { session(9000 + $0) }
            #expect(try Ledger.streams(streams, number: number, upTo: nil, on: connection).isEmpty)
        }
        // Until the server keeps a plan.
        for count in [1, 100] { for _ in 0..<12 { try await read(count, on: connection) } }
        for _ in 0..<20 { try await append(batch(100)) }
        for count in [1, 100] {
            let rows = try await rowsRead(by: { try await read(count, on: $0) }, on: connection)
            #expect(rows <= 2, "\(rows) rows for \(count) streams without events")
        }
        await connection.close()
    }
}

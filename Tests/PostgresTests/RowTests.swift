import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database) struct RowTests {
    private func row(_ sql: String) async throws -> Row {
        let connection = try await TestDatabase.current.connect()
        return try await connection.query(sql).only()
    }

    @Test func aWrongTypeIsNamed() async throws {
        let row = try await row("SELECT 'secret' AS given_name")
        let error = #expect(throws: RowError.self) { try row.decode(Int.self) }
        #expect(error == .type(column: "given_name", sql: .text, swift: "Int"))
        #expect(error?.description == "column \"given_name\" is text, which can't be read as Int")
    }

    @Test func aWideIntegerIsNotReadAsANarrowOne() async throws {
        let row = try await row("SELECT 1::bigint AS n")
        #expect(throws: RowError.type(column: "n", sql: .int8, swift: "Int32")) { try row.decode(Int32.self) }
    }

    @Test func numericMustBeCast() async throws {
        let row = try await row("SELECT 1.5 AS n")
        let error = #expect(throws: RowError.self) { try row.decode(Double.self) }
        #expect(error?.description == "column \"n\" is numeric, which can't be read as Double")
    }

    @Test func nullNeedsAnOptional() async throws {
        let row = try await row("SELECT NULL::text AS reason")
        #expect(throws: RowError.null(column: "reason", swift: "String")) { try row.decode(String.self) }
        #expect(try row.decode(String?.self) == nil)
    }

    @Test func nullElementsNeedOptionals() async throws {
        let row = try await row("SELECT '{1,NULL}'::bigint[] AS list")
        #expect(throws: RowError.malformed(column: "list", sql: .int8Array, swift: "Array<Int>")) { try row.decode([Int].self) }
        #expect(try row.decode([Int?].self) == [1, nil])
    }

    @Test func theNumberOfColumnsMustMatch() async throws {
        let row = try await row("SELECT 1, 2")
        #expect(throws: RowError.columnCount(expected: 1, found: 2)) { try row.decode(Int.self) }
        #expect(throws: RowError.noColumn("2", available: 2)) { try row.decode(Int.self, Int.self, Int.self) }
    }

    @Test func columnsHaveNames() async throws {
        let row = try await row("SELECT 1 AS a, 'x' AS b")
        #expect(try row.value("b", as: String.self) == "x")
        #expect(try row.value(0, as: Int.self) == 1)
        #expect(throws: RowError.noColumn("c", available: 2)) { try row.value("c", as: Int.self) }
    }

    @Test func tuplesOfTypes() async throws {
        let row = try await row("SELECT 1, NULL::text, true")
        let (a, b, c) = try row.decode((Int, String?, Bool).self)
        #expect(a == 1 && b == nil && c)
    }

    @Test func rowsAreACollection() async throws {
        let connection = try await TestDatabase.current.connect()
        let rows = try await connection.query("SELECT n FROM generate_series(1, 5) AS n ORDER BY n")
        #expect(try rows.map { try $0.decode(Int.self) } == [1, 2, 3, 4, 5])
        #expect(try rows.last?.decode(Int.self) == 5)
        #expect(throws: RowError.count(expected: 1, found: 5)) { try rows.only() }
        #expect(rows.columns.map(\.name) == ["n"])
        // The rows outlive the connection.
        await connection.close()
        #expect(try rows[2].decode(Int.self) == 3)
    }
}

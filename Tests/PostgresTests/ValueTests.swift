import Foundation
import Postgres
import TestSupport
import Testing

/// Values there and back. The server's own rendering is compared too, so that a mistake made in both directions shows.
@Suite(.database) struct ValueTests {
    /// Sends a value, reads it back, and gives the server's text of it.
    private func check<Value: SQLValue & Equatable>(
        _ value: Value, as sqlType: String, reads text: String?, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT $1::\(sqlType), ($1::\(sqlType))::text", [value]).only()
        let (back, rendered) = try row.decode(Value.self, String?.self)
        #expect(back == value, sourceLocation: location)
        #expect(rendered == text, sourceLocation: location)
        await connection.close()
    }

    @Test func booleans() async throws {
        try await check(true, as: "boolean", reads: "true")
        try await check(false, as: "boolean", reads: "false")
    }

    @Test func integers() async throws {
        try await check(Int16.min, as: "smallint", reads: "-32768")
        try await check(Int32.max, as: "integer", reads: "2147483647")
        try await check(Int64.min, as: "bigint", reads: "-9223372036854775808")
        try await check(Int.max, as: "bigint", reads: "9223372036854775807")
    }

    @Test func narrowIntegersReadAsWideOnes() async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT (-7)::smallint, (-8)::integer, (-9)::smallint, '{1,2}'::integer[]").only()
        let (a, b, c, d) = try row.decode(Int.self, Int64.self, Int32.self, [Int].self)
        #expect(a == -7 && b == -8 && c == -9 && d == [1, 2])
    }

    @Test func doubles() async throws {
        try await check(0.1, as: "double precision", reads: "0.1")
        try await check(-Double.infinity, as: "double precision", reads: "-Infinity")
        try await check(Double.leastNonzeroMagnitude, as: "double precision", reads: "5e-324")
    }

    @Test(arguments: ["", "plain", "Zoë Müller", "👩🏽‍⚕️ 漢字 \u{10FFFF}", "quote ' \" \\ \n\t", String(repeating: "x", count: 300_000)])
    func texts(_ text: String) async throws {
        try await check(text, as: "text", reads: text)
    }

    @Test func textLikeTypesReadAsStrings() async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT 'a'::varchar, 'b'::name, 'c'::char(3), '{ \"d\": 1 }'::json, 'e'").only()
        let (a, b, c, d, e) = try row.decode(String.self, String.self, String.self, String.self, String.self)
        #expect([a, b, c, d, e] == ["a", "b", "c  ", "{ \"d\": 1 }", "e"])
    }

    @Test func identifiers() async throws {
        let text = "0198f7a2-0000-7abc-8def-0123456789ab"
        try await check(try #require(UUID(uuidString: text)), as: "uuid", reads: text)
    }

    @Test func bytes() async throws {
        try await check([0x00, 0xFF, 0x5C, 0x27] as [UInt8], as: "bytea", reads: "\\x00ff5c27")
        try await check([] as [UInt8], as: "bytea", reads: "\\x")
    }

    /// `json` keeps what it is given, byte for byte.
    @Test func jsonText() async throws {
        let text = "{\"b\" : 1.50,\"a\":[ ],\"b\":2}"
        try await check(JSONText(text), as: "json", reads: text)
        let connection = try await TestDatabase.current.connect()
        let binary = try await connection.query("SELECT '{\"b\":1}'::jsonb").only()
        #expect(try binary.decode(JSONText.self).text == "{\"b\": 1}")
    }

    @Test func timestamps() async throws {
        try await check(SQLTimestamp(microseconds: 0), as: "timestamptz", reads: "1970-01-01 00:00:00+00")
        try await check(SQLTimestamp(microseconds: -1), as: "timestamptz", reads: "1969-12-31 23:59:59.999999+00")
        try await check(SQLTimestamp(microseconds: 1_795_447_800_000_001), as: "timestamptz", reads: "2026-11-23 15:30:00.000001+00")
        try await check(SQLTimestamp.infinity, as: "timestamptz", reads: "infinity")
        try await check(SQLTimestamp.minusInfinity, as: "timestamptz", reads: "-infinity")
        // PostgreSQL's first instant.
        try await check(
            SQLTimestamp(microseconds: -210_866_803_200_000_000), as: "timestamptz", reads: "4714-11-24 00:00:00+00 BC")
        // The last that fits 64 bits counted from 1970.
        try await check(SQLTimestamp(microseconds: .max - 1), as: "timestamptz", reads: "294247-01-10 04:00:54.775806+00")
    }

    @Test func timestampsOutOfReachAreRefused() async throws {
        let connection = try await TestDatabase.current.connect()
        let late = try await connection.query("SELECT '294276-12-31 23:59:59Z'::timestamptz AS late").only()
        #expect(throws: RowError.malformed(column: "late", sql: .timestamptz, swift: "SQLTimestamp")) {
            try late.decode(SQLTimestamp.self)
        }
        // Before the server's first instant; wrapping around would make it a date in the far future.
        let error = await #expect(throws: PostgresError.self) {
            try await connection.query("SELECT $1::timestamptz", [SQLTimestamp(microseconds: .min + 1)])
        }
        #expect(error?.sqlState == "22008")
    }

    @Test func dates() async throws {
        try await check(SQLDate(days: 0), as: "date", reads: "1970-01-01")
        try await check(SQLDate(days: 20_780), as: "date", reads: "2026-11-23")
        try await check(SQLDate(days: -25_567), as: "date", reads: "1900-01-01")
    }

    @Test func nulls() async throws {
        try await check(Int?.none, as: "bigint", reads: nil)
        try await check(String?.none, as: "text", reads: nil)
        try await check(Int?.some(3), as: "bigint", reads: "3")
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT $1::text, $2::bigint", [nil, 5]).only()
        let (text, number) = try row.decode(String?.self, Int?.self)
        #expect(text == nil && number == 5)
    }

    @Test func arrays() async throws {
        try await check([1, 2, 3], as: "bigint[]", reads: "{1,2,3}")
        try await check([] as [Int], as: "bigint[]", reads: "{}")
        try await check(["", "a,b", "NULL", "{\"}"], as: "text[]", reads: "{\"\",\"a,b\",\"NULL\",\"{\\\"}\"}")
        try await check([nil, 7, nil] as [Int32?], as: "integer[]", reads: "{NULL,7,NULL}")
        try await check([true, false], as: "boolean[]", reads: "{t,f}")
        try await check([[0x01], [], [0xFF, 0x00]] as [[UInt8]], as: "bytea[]", reads: #"{"\\x01","\\x","\\xff00"}"#)
        try await check([[0x01], nil] as [[UInt8]?], as: "bytea[]", reads: #"{"\\x01",NULL}"#)
        try await check([0.5, -1], as: "double precision[]", reads: "{0.5,-1}")
        try await check([SQLTimestamp(microseconds: 0)], as: "timestamptz[]", reads: "{\"1970-01-01 00:00:00+00\"}")
        try await check([JSONText("{\"a\":1}"), JSONText("2")], as: "json[]", reads: "{\"{\\\"a\\\":1}\",2}")
        try await check([UUID?.none], as: "uuid[]", reads: "{NULL}")
        try await check([Int]?.none, as: "bigint[]", reads: nil)
    }

    @Test func aLargeArrayIsOneParameter() async throws {
        let numbers = Array(0..<200_000)
        let connection = try await TestDatabase.current.connect()
        let sum = try await connection.query("SELECT sum(n)::bigint FROM unnest($1::bigint[]) AS n", [numbers]).only()
        #expect(try sum.decode(Int.self) == numbers.reduce(0, +))
    }

    @Test func arraysOfSeveralDimensionsAreRefused() async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT '{{1,2},{3,4}}'::bigint[] AS grid").only()
        #expect(throws: RowError.malformed(column: "grid", sql: .int8Array, swift: "Array<Int>")) { try row.decode([Int].self) }
    }
}

import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database) struct CopyTests {
    private static let table = """
        CREATE TABLE sample (id bigint, small smallint, flag boolean, name text, payload json, digest bytea, at timestamptz, tags text[], key uuid)
        """
    private static let write = "COPY sample FROM STDIN (FORMAT binary)"
    private static let read = "COPY (SELECT * FROM sample ORDER BY id) TO STDOUT (FORMAT binary)"

    private func makeTable() async throws -> Connection {
        let connection = try await TestDatabase.current.connect()
        try await connection.script(Self.table)
        return connection
    }

    @Test func rowsComeBackAsTheyWent() async throws {
        let connection = try await makeTable()
        let count = 20_000
        let key = UUID()
        let written = try await connection.copyIn(Self.write, columns: 9) { writer in
            for index in 0..<count {
                try writer.row(
                    index, Int16(index % 100), index.isMultiple(of: 2), index.isMultiple(of: 3) ? nil : "Zoë \(index)",
                    JSONText("{\"n\": \(index)}"), [UInt8](repeating: UInt8(index % 256), count: index % 40),
                    SQLTimestamp(microseconds: Int64(index) * 1_000_003), ["a", "\(index)"], key)
            }
        }
        #expect(written == count)
        var expected = 0
        let read = try await connection.copyOut(Self.read) { row in
            let (id, small, flag, name, payload, digest, at, tags, id2) = try row.decode(
                Int.self, Int16.self, Bool.self, String?.self, JSONText.self, [UInt8].self, SQLTimestamp.self, [String].self, UUID.self)
            guard id == expected, small == Int16(id % 100), flag == id.isMultiple(of: 2),
                name == (id.isMultiple(of: 3) ? nil : "Zoë \(id)"), payload.text == "{\"n\": \(id)}",
                digest == [UInt8](repeating: UInt8(id % 256), count: id % 40), at.microseconds == Int64(id) * 1_000_003,
                tags == ["a", "\(id)"], id2 == key
            else { throw RowError.copy("row \(expected) differs") }
            expected += 1
        }
        #expect(read == count && expected == count)
    }

    @Test func noRows() async throws {
        let connection = try await makeTable()
        #expect(try await connection.copyIn(Self.write, columns: 9) { _ in } == 0)
        #expect(try await connection.copyOut(Self.read) { _ in } == 0)
    }

    @Test func aRowLargerThanAChunk() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE large (body text)")
        let text = String(repeating: "0123456789", count: 100_000)
        try await connection.copyIn("COPY large FROM STDIN (FORMAT binary)", columns: 1) { try $0.row(text) }
        var found: [String] = []
        try await connection.copyOut("COPY large TO STDOUT (FORMAT binary)") { found.append(try $0.field()) }
        #expect(found == [text])
    }

    @Test func aThrowTakesAllRowsBack() async throws {
        struct Stop: Error {}
        let connection = try await makeTable()
        await #expect(throws: Stop.self) {
            try await connection.copyIn("COPY sample (id) FROM STDIN (FORMAT binary)", columns: 1) { writer in
                for index in 0..<50_000 { try writer.row(index) }
                throw Stop()
            }
        }
        #expect(try await connection.query("SELECT count(*) FROM sample").only().decode(Int.self) == 0)
    }

    @Test func aThrowEndsReading() async throws {
        struct Stop: Error {}
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: Stop.self) {
            try await connection.copyOut("COPY (SELECT generate_series(1, 5000000)) TO STDOUT (FORMAT binary)") { _ in throw Stop() }
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test func wrongNumbersOfFieldsAreRefused() async throws {
        let connection = try await makeTable()
        let statement = "COPY sample (id, name) FROM STDIN (FORMAT binary)"
        await #expect(throws: RowError.copy("a row of 1 fields where there are 2 columns")) {
            try await connection.copyIn(statement, columns: 2) { try $0.row(1) }
        }
        await #expect(throws: RowError.copy("the last row has 1 of 2 fields")) {
            try await connection.copyIn(statement, columns: 2) { try $0.field(1) }
        }
        await #expect(throws: RowError.copy("a row has fewer fields than are read")) {
            try await connection.copyOut("COPY (SELECT 1) TO STDOUT (FORMAT binary)") { _ = try $0.decode(Int.self, Int.self) }
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test func aRowThatTheServerRefusesHasItsSQLState() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE one (id bigint PRIMARY KEY)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("COPY one FROM STDIN (FORMAT binary)", columns: 1) { writer in
                try writer.row(1)
                try writer.row(1)
            }
        }
        #expect(error?.sqlState == "23505" && error?.resultUnknown == false)
        #expect(try await connection.query("SELECT count(*) FROM one").only().decode(Int.self) == 0)
    }

    @Test func textFormatIsRefused() async throws {
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: RowError.copy("it is not in the binary form: write COPY … (FORMAT binary)")) {
            try await connection.copyOut("COPY (SELECT 1) TO STDOUT") { _ in }
        }
    }

    @Test(arguments: ["COPY pg_class TO STDOUT", "COPY sample FROM STDIN"])
    func otherCallsLeaveACopyAtOnce(_ sql: String) async throws {
        let connection = try await makeTable()
        await #expect(throws: RowError.self) { try await connection.script(sql) }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test func copyInsideATransaction() async throws {
        let connection = try await makeTable()
        let count = try await connection.transaction { connection in
            try connection.copyIn("COPY sample (id) FROM STDIN (FORMAT binary)", columns: 1) { try $0.row(7) }
            return try connection.query("SELECT count(*) FROM sample").only().decode(Int.self)
        }
        #expect(count == 1)
    }
}

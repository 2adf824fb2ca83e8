import TestSupport
import Testing

@testable import Postgres

@Suite(.database) struct StatementCacheTests {
    private func prepared(_ connection: Connection) async throws -> Int {
        try await connection.script("SELECT 1")
        return try await connection.query("SELECT count(*) FROM pg_prepared_statements").only().decode(Int.self)
    }

    @Test func aStatementIsPreparedOnce() async throws {
        let connection = try await TestDatabase.current.connect()
        for number in 0..<5 { #expect(try await connection.query("SELECT $1", [number]).only().decode(Int.self) == number) }
        // The statement that counts is prepared as well.
        #expect(try await prepared(connection) == 2)
    }

    @Test func typesOfParametersMakeAnotherStatement() async throws {
        let connection = try await TestDatabase.current.connect()
        #expect(try await connection.query("SELECT $1", [1]).only().decode(Int.self) == 1)
        #expect(try await connection.query("SELECT $1", ["a"]).only().decode(String.self) == "a")
        #expect(try await prepared(connection) == 3)
    }

    @Test func theCacheIsBounded() async throws {
        let connection = try await TestDatabase.current.connect()
        for number in 0..<StatementCache.limit + 50 { try await connection.query("SELECT \(number)") }
        #expect(try await prepared(connection) == StatementCache.limit)
    }

    @Test func theLeastRecentlyUsedGoesFirst() {
        var cache = StatementCache()
        for number in 0..<StatementCache.limit { cache.insert(.init(sql: "\(number)", types: []), name: "n\(number)") }
        #expect(cache.name(for: .init(sql: "0", types: [])) == "n0")
        #expect(cache.evict() == "n1")
        #expect(cache.evict() == nil)
        #expect(cache.name(for: .init(sql: "0", types: [])) == "n0")
    }

    @Test func aChangedTableIsNoticed() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE note (id bigint); INSERT INTO note VALUES (1)")
        #expect(try await connection.query("SELECT * FROM note").columns.count == 1)
        try await connection.script("ALTER TABLE note ADD COLUMN text text")
        #expect(try await connection.query("SELECT * FROM note").columns.count == 2)
    }

    @Test func aChangedTableIsNoticedInsideATransaction() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE note (id bigint)")
        _ = try await connection.query("SELECT * FROM note")
        try await connection.script("ALTER TABLE note ADD COLUMN text text")
        let columns = try await connection.transaction { connection in
            try connection.execute("INSERT INTO note VALUES (1, 'a')")
            return try connection.query("SELECT * FROM note").columns.count
        }
        #expect(columns == 2)
        #expect(try await connection.query("SELECT * FROM note").count == 1)
    }

    @Test func aStatementThatTheServerForgotIsPreparedAgain() async throws {
        let connection = try await TestDatabase.current.connect()
        _ = try await connection.query("SELECT $1::text", ["a"])
        try await connection.script("DEALLOCATE ALL")
        #expect(try await connection.query("SELECT $1::text", ["b"]).only().decode(String.self) == "b")
        try await connection.script("DEALLOCATE ALL")
        let text = try await connection.transaction { try $0.query("SELECT $1::text", ["c"]).only().decode(String.self) }
        #expect(text == "c")
    }

    @Test func aStatementThatFailsToPrepareLeavesNothing() async throws {
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT nothing") }
        #expect(try await prepared(connection) == 1)
    }
}

import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database) struct ConnectionTests {
    @Test func answersAQuery() async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT $1 + 1, $2", [41, "x"]).only()
        let (number, text) = try row.decode(Int.self, String.self)
        #expect(number == 42)
        #expect(text == "x")
        await connection.close()
    }
}

import Postgres
import TestSupport
import Testing

@Suite(.database) struct TransactionTests {
    private struct Stop: Error {}

    private func makeTable() async throws -> Connection {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE note (id bigint PRIMARY KEY)")
        return connection
    }

    private func count(_ connection: Connection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM note").only().decode(Int.self)
    }

    @Test func commits() async throws {
        let connection = try await makeTable()
        let value = try await connection.transaction { connection in
            try connection.execute("INSERT INTO note SELECT generate_series(1, 3)")
        }
        #expect(value == 3)
        #expect(try await count(connection) == 3)
    }

    @Test func aThrowRollsBack() async throws {
        let connection = try await makeTable()
        await #expect(throws: Stop.self) {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO note VALUES (1)")
                throw Stop()
            }
        }
        #expect(try await count(connection) == 0)
    }

    /// PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    @Test func aSwallowedErrorDoesNotLookLikeACommit() async throws {
        let connection = try await makeTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO note VALUES (1)")
                try? connection.script("SELECT 1/0")
            }
        }
        #expect(error?.sqlState == "25P02" && error?.resultUnknown == false)
        #expect(try await count(connection) == 0)
    }

    @Test func transactionsDoNotNest() async throws {
        let connection = try await makeTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in try connection.transaction { _ in } }
        }
        #expect(error?.sqlState == "25001")
    }

    @Test func optionsReachTheServer() async throws {
        let connection = try await makeTable()
        let shown = try await connection.transaction(.init(isolation: .serializable, readOnly: true, deferrable: true)) { connection in
            try connection.query(
                """
                SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'),
                       current_setting('transaction_deferrable')
                """
            ).only().decode(String.self, String.self, String.self)
        }
        #expect(shown == ("serializable", "on", "on"))
    }

    @Test func serializationFailuresAreRetryable() async throws {
        let first = try await makeTable()
        let second = try await TestDatabase.current.connect()
        try await first.script("INSERT INTO note VALUES (1)")
        try await first.script("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM note")
        try await second.script("UPDATE note SET id = 2")
        let error = await #expect(throws: PostgresError.self) { try await first.script("UPDATE note SET id = 3") }
        #expect(error?.sqlState == "40001" && error?.isRetryable == true)
    }

    /// The constraint trigger runs while COMMIT does, and ends the session: from outside nobody can tell whether the commit was made.
    @Test func aConnectionLostDuringCommitLeavesTheResultUnknown() async throws {
        let connection = try await makeTable()
        try await connection.script(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()
            """)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in try connection.execute("INSERT INTO note VALUES (1)") }
        }
        #expect(error?.resultUnknown == true && error?.isConnectionFailure == true && error?.isRetryable == false)
        #expect(await connection.isBroken)
    }

    @Test func aConnectionLostBeforeCommitIsKnownToHaveFailed() async throws {
        let connection = try await makeTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO note VALUES (1)")
                try connection.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)")
            }
        }
        #expect(error?.resultUnknown == false && error?.isConnectionFailure == true)
        let other = try await TestDatabase.current.connect()
        #expect(try await count(other) == 0)
    }

    /// A deferred constraint that fails at COMMIT is an ordinary error: nothing was committed.
    @Test func aRefusedCommitIsKnown() async throws {
        let connection = try await makeTable()
        try await connection.script(
            "ALTER TABLE note ADD CONSTRAINT note_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED; ALTER TABLE note DROP CONSTRAINT note_pkey"
        )
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in try connection.execute("INSERT INTO note VALUES (1), (1)") }
        }
        #expect(error?.sqlState == "23505" && error?.resultUnknown == false)
        #expect(try await count(connection) == 0)
    }

    @Test func aStatementOnItsOwnMayHaveCommittedToo() async throws {
        let connection = try await makeTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)")
        }
        #expect(error?.resultUnknown == true)
    }
}

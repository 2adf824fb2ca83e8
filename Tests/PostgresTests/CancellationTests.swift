import Postgres
import TestSupport
import Testing

@Suite(.database) struct CancellationTests {
    /// Looks until a session of this database runs such a statement.
    private func untilRunning(_ part: String) async throws {
        let observer = try await TestDatabase.current.connect()
        while try await observer.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
            ["%\(part)%"]
        ).isEmpty {}
        await observer.close()
    }

    @Test func aCancelledTaskCancelsItsStatement() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task { try await connection.query("SELECT pg_sleep(600)") }
        try await untilRunning("pg_sleep(600)")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test func aCancelledTransactionIsRolledBack() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE note (id bigint)")
        let task = Task {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO note VALUES (1)")
                try connection.query("SELECT pg_sleep(601)")
            }
        }
        try await untilRunning("pg_sleep(601)")
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try await connection.query("SELECT count(*) FROM note").only().decode(Int.self) == 0)
    }

    @Test func copiesAreCancelledToo() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task {
            try await connection.copyOut("COPY (SELECT pg_sleep(602)) TO STDOUT (FORMAT binary)") { _ in }
        }
        try await untilRunning("pg_sleep(602)")
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await connection.script("CREATE TABLE never (id bigint)")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT 1 FROM pg_class WHERE relname = 'never'").isEmpty)
    }

    @Test func closingEndsARunningStatement() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task { try await connection.query("SELECT pg_sleep(603)") }
        try await untilRunning("pg_sleep(603)")
        await connection.close()
        let error = await #expect(throws: PostgresError.self) { _ = try await task.value }
        #expect(error?.sqlState == "08003")
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(await connection.isBroken)
    }

    @Test func statementsHaveATimeLimit() async throws {
        let settings = TestDatabase.current.settings.setting(statementTimeoutMilliseconds: 200)
        let connection = try await Connection.connect(settings, logger: .silent)
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT pg_sleep(600)") }
        #expect(error?.sqlState == "57014" && error?.isCancelled == true && error?.resultUnknown == false)
        #expect(await !connection.isBroken)
    }

    /// 64 blocked connections, far more than there are cores: tasks elsewhere still run.
    @Test func waitingStatementsDoNotHoldTheCooperativePool() async throws {
        let connections = try await withThrowingTaskGroup { group in
            for _ in 0..<64 { group.addTask { try await TestDatabase.current.connect() } }
            return try await group.reduce(into: [Connection]()) { $0.append($1) }
        }
        await withTaskGroup { group in
            for connection in connections { group.addTask { _ = try? await connection.query("SELECT pg_sleep(604)") } }
            let observed = Task { try await untilRunning("pg_sleep(604)") }
            _ = await observed.result
            group.cancelAll()
        }
        for connection in connections { #expect(try await connection.query("SELECT 1").count == 1) }
    }
}

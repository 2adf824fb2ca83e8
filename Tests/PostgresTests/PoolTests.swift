import Postgres
import TestSupport
import Testing

@Suite(.database) struct PoolTests {
    private struct Stop: Error {}

    private func until(_ pool: Pool, waiters: Int) async {
        while pool.occupancy.waiters != waiters { await Task.yield() }
    }

    @Test func noMoreConnectionsThanItsLimit() async throws {
        let pool = TestDatabase.current.pool(limit: 3)
        let open = Recorder((now: 0, most: 0))
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    try await pool.withConnection { connection in
                        open.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        let back = try await connection.query("SELECT $1", [number]).only().decode(Int.self)
                        #expect(back == number)
                        open.change { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(open.value.most <= 3)
        #expect(pool.occupancy.connections <= 3)
        let observer = try await TestDatabase.current.connect()
        let sessions = try await observer.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).only().decode(Int.self)
        #expect(sessions <= 3)
        await pool.close()
    }

    @Test func borrowersAreServedInTheOrderInWhichTheyCame() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        let order = Recorder([Int]())
        try await withThrowingTaskGroup { group in
            try await pool.withConnection { _ in
                for number in 0..<10 {
                    group.addTask { try await pool.withConnection { _ in order.change { $0.append(number) } } }
                    await until(pool, waiters: number + 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(order.value == Array(0..<10))
        await pool.close()
    }

    @Test func oneWaiterTooManyIsToldSoAtOnce() async throws {
        let pool = TestDatabase.current.pool(limit: 1, maximumWaiters: 1)
        try await withThrowingTaskGroup { group in
            try await pool.withConnection { _ in
                group.addTask { try await pool.withConnection { _ in } }
                await until(pool, waiters: 1)
                await #expect(throws: PoolError.busy) { try await pool.withConnection { _ in } }
            }
            try await group.waitForAll()
        }
        await pool.close()
    }

    @Test func waitingHasALimit() async throws {
        let pool = TestDatabase.current.pool(limit: 1, waitLimit: .milliseconds(50))
        try await pool.withConnection { _ in
            await #expect(throws: PoolError.busy) { try await pool.withConnection { _ in } }
        }
        #expect(pool.occupancy.waiters == 0)
        try await pool.withConnection { _ in }
        await pool.close()
    }

    @Test func aCancelledWaiterLeavesTheLine() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        try await pool.withConnection { _ in
            let task = Task { try await pool.withConnection { _ in } }
            await until(pool, waiters: 1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(pool.occupancy.waiters == 0)
        }
        try await pool.withConnection { _ in }
        await pool.close()
    }

    @Test func aKilledConnectionIsReplaced() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        let killer = try await TestDatabase.current.connect()
        for _ in 0..<3 {
            let victim = try await pool.withConnection { await $0.processID }
            try await killer.query("SELECT pg_terminate_backend($1, 60000)", [victim])
            let next = try await pool.withConnection { connection in
                try await connection.query("SELECT pg_backend_pid()").only().decode(Int32.self)
            }
            #expect(next != victim)
        }
        #expect(pool.occupancy.connections == 1)
        await pool.close()
    }

    @Test func aConnectionKilledInUseIsReplaced() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        await #expect(throws: PostgresError.self) {
            try await pool.withConnection { try await $0.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)") }
        }
        #expect(pool.occupancy.connections == 0)
        #expect(try await pool.withConnection { try await $0.query("SELECT 1").count } == 1)
        await pool.close()
    }

    @Test func anOpenTransactionIsRolledBack() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        await #expect(throws: Stop.self) {
            try await pool.withConnection { connection in
                try await connection.script("BEGIN; CREATE TABLE left_open (id int)")
                throw Stop()
            }
        }
        try await pool.withConnection { connection in
            #expect(try await connection.query("SELECT 1 FROM pg_class WHERE relname = 'left_open'").isEmpty)
            try await connection.transaction { _ in }
        }
        await pool.close()
    }

    @Test func closingWaitsForBorrowersAndFailsWaiters() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        let closed = Recorder(false)
        try await withThrowingTaskGroup { group in
            try await pool.withConnection { connection in
                let waiter = Task { try await pool.withConnection { _ in } }
                await until(pool, waiters: 1)
                group.addTask {
                    await pool.close()
                    closed.change { $0 = true }
                }
                await #expect(throws: PoolError.closed) { try await waiter.value }
                #expect(!closed.value)
                // The borrower is left alone.
                try await connection.query("SELECT 1")
            }
            try await group.waitForAll()
        }
        #expect(pool.occupancy.connections == 0)
        await #expect(throws: PoolError.closed) { try await pool.withConnection { _ in } }
    }

    @Test func closingMayCutBorrowers() async throws {
        let pool = TestDatabase.current.pool(limit: 1)
        let started = AsyncStream<Void>.makeStream()
        let borrower = Task {
            try await pool.withConnection { connection in
                started.continuation.finish()
                try await connection.query("SELECT pg_sleep(600)")
            }
        }
        for await _ in started.stream {}
        await pool.close(cut: true)
        let error = await #expect(throws: PostgresError.self) { try await borrower.value }
        #expect(error?.sqlState == "08003")
    }

    @Test func aMissingDatabaseIsSaidAtOnce() async throws {
        let settings = TestDatabase.current.settings.setting(database: "nowhere")
        let pool = Pool(settings: settings, limit: 1, waitLimit: .seconds(600), logger: .silent)
        let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
        #expect(error?.sqlState == "3D000")
        await pool.close()
    }

    @Test func anUnreachableServerIsSaidAfterTheWaitLimit() async throws {
        let settings = try ConnectionSettings(url: "postgres://127.0.0.1:1/clinic")
        let pool = Pool(settings: settings, limit: 1, waitLimit: .milliseconds(100), logger: .silent)
        let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
        #expect(error?.sqlState == "08001")
        #expect(pool.occupancy.connections == 0)
        await pool.close()
    }
}

import Logging
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// With a limit of a day nothing but an announcement can wake anybody here.
@Suite(.ledger, .timeLimit(.minutes(2))) struct AnnouncerTests {
    private static let day: Duration = .seconds(86_400)
    private var announcer: Announcer { Announcer(settings: TestDatabase.current.settings, logger: .silent) }

    @Test func wakesTheFollowersOfThisProcess() async {
        let announcer = announcer
        let count = await announcer.count(of: .test())
        let any = await announcer.count(of: nil)
        async let one: Void = announcer.wait(for: .test(), after: count, limit: Self.day)
        async let all: Void = announcer.wait(for: nil, after: any, limit: Self.day)
        announcer.announce(.test())
        await one
        await all
        await announcer.close()
    }

    @Test func anAnnouncementBeforeTheWaitIsNotLost() async {
        let announcer = announcer
        let count = await announcer.count(of: .test())
        announcer.announce(.test())
        while await announcer.count(of: .test()) == count { await Task.yield() }
        await announcer.wait(for: .test(), after: count, limit: Self.day)
        await announcer.close()
    }

    /// By NOTIFY: the two know each other only through the database.
    @Test func wakesTheFollowersOfAnother() async throws {
        let (here, there) = (announcer, announcer)
        let count = await here.count(of: .test())
        try await Self.waitForListeners(1)
        async let woken: Void = here.wait(for: .test(), after: count, limit: Self.day)
        there.announce(.test("walnut"))
        there.announce(.test("hickory", .access))
        there.announce(.test())
        await woken
        // All were heard, in the order of one transaction or of several.
        while await here.count(of: nil) < 3 { await Task.yield() }
        #expect(await here.count(of: .test("hickory", .access)) == 1)
        await here.close()
        await there.close()
    }

    @Test func listensAgainAfterItsConnectionIsCut() async throws {
        let (here, there) = (announcer, announcer)
        for _ in 0..<3 {
            let count = await here.count(of: .test())
            let listener = try await Self.waitForListeners(1)
            async let woken: Void = here.wait(for: .test(), after: count, limit: Self.day)
            there.announce(.test())
            await woken
            try await withSuperuser { connection async throws in
                _ = try await connection.query("SELECT pg_terminate_backend($1)", [listener])
                // The process is gone before the next round looks for a new one.
                while try await !connection.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [listener]).isEmpty {}
            }
        }
        await here.close()
        await there.close()
    }

    @Test func announcesAgainAfterItsConnectionIsCut() async throws {
        let (here, there) = (announcer, announcer)
        var count = await here.count(of: .test())
        try await Self.waitForListeners(1)
        for _ in 0..<3 {
            // The first may be lost with the connection: it is a hint. A later one must come through.
            while await here.count(of: .test()) == count {
                there.announce(.test())
                try await Task.sleep(for: .milliseconds(5))
            }
            count = await here.count(of: .test())
            try await withSuperuser { connection async throws in
                _ = try await connection.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE '%pg_notify%' AND pid <> pg_backend_pid()
                    """)
            }
        }
        await here.close()
        await there.close()
    }

    @Test func cancellingAndClosingEndTheWait() async {
        let announcer = announcer
        let count = await announcer.count(of: .test())
        let cancelled = Task { await announcer.wait(for: .test(), after: count, limit: Self.day) }
        cancelled.cancel()
        await cancelled.value
        let closed = Task { await announcer.wait(for: .test(), after: count, limit: Self.day) }
        await announcer.close()
        await closed.value
        await announcer.wait(for: .test(), after: count, limit: Self.day)
    }

    @Test func theWaitEndsAtItsLimit() async {
        let announcer = announcer
        await announcer.wait(for: .test(), after: await announcer.count(of: .test()), limit: .milliseconds(1))
        await announcer.close()
    }

    /// Returns when so many sessions of this database have said LISTEN, and gives the last of them.
    @discardableResult
    private static func waitForListeners(_ count: Int) async throws -> Int32 {
        try await withSuperuser { connection async throws in
            while true {
                let rows = try await connection.query(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND state = 'idle'")
                if rows.count >= count, let row = rows.first { return try row.decode(Int32.self) }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}

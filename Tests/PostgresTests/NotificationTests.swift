import Postgres
import TestSupport
import Testing

@Suite(.database) struct NotificationTests {
    @Test func arrivesWhileWaiting() async throws {
        let listener = try await TestDatabase.current.connect()
        let speaker = try await TestDatabase.current.connect()
        try await listener.script("LISTEN appended")
        async let heard = listener.nextNotification(timeoutMilliseconds: 60_000)
        try await speaker.query("SELECT pg_notify('appended', 'hickory 12')")
        let notification = try #require(try await heard)
        #expect(notification.channel == "appended" && notification.payload == "hickory 12")
        #expect(await notification.processID == speaker.processID)
    }

    @Test func severalComeInOrder() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("LISTEN a; LISTEN b; NOTIFY a, '1'; NOTIFY b, '2'")
        #expect(try await connection.nextNotification(timeoutMilliseconds: 60_000)?.payload == "1")
        #expect(try await connection.nextNotification(timeoutMilliseconds: 0)?.payload == "2")
        #expect(try await connection.nextNotification(timeoutMilliseconds: 0) == nil)
        #expect(try await connection.nextNotification(timeoutMilliseconds: 10) == nil)
    }

    @Test func cancellationEndsTheWait() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task { try await connection.nextNotification(timeoutMilliseconds: 600_000) }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func closingEndsTheWait() async throws {
        let connection = try await TestDatabase.current.connect()
        let task = Task { try await connection.nextNotification(timeoutMilliseconds: 600_000) }
        await connection.close()
        await #expect(throws: PostgresError.self) { _ = try await task.value }
    }

    @Test func theLossOfTheServerEndsTheWait() async throws {
        let listener = try await TestDatabase.current.connect()
        let killer = try await TestDatabase.current.connect()
        let victim = await listener.processID
        let task = Task { try await listener.nextNotification(timeoutMilliseconds: 600_000) }
        try await killer.query("SELECT pg_terminate_backend($1)", [victim])
        let error = await #expect(throws: PostgresError.self) { _ = try await task.value }
        #expect(error?.isConnectionFailure == true)
    }
}

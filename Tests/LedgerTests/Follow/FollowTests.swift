import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

@Suite(.ledger) struct FollowTests {
    let log = LogName.test()

    /// Collects what a follower is given, and stops it at a position.
    private static func follow(_ ledger: Ledger, _ log: LogName, _ query: EventQuery, until last: Int64) async throws -> [StoredEvent] {
        var seen: [StoredEvent] = []
        try await ledger.follow(log, query) { page in
            #expect(!page.isEmpty && page.count <= query.limit)
            seen += page
            return (seen.last?.position ?? 0) < last
        }
        return seen
    }

    @Test(arguments: [1, 7, 1000])
    func seesEverythingInOrderWhileWritersAppend(_ limit: Int) async throws {
        try await withLedger { ledger async throws in
            try await withLedger { elsewhere async throws in
                let appends = 120
                async let own = Self.follow(ledger, log, EventQuery(limit: limit), until: Int64(4 * appends))
                async let other = Self.follow(elsewhere, log, EventQuery(after: 10, limit: limit), until: Int64(4 * appends))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<4 {
                        group.addTask { [log] in
                            for _ in 0..<appends { _ = try await ledger.sequencer(for: log).append(.vitals(session(writer))) }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await own.map(\.position) == Array(1...480))
                #expect(try await other.map(\.position) == Array(11...480))
            }
        }
    }

    @Test func aFilterLeavesTheOthersOut() async throws {
        try await withLedger { ledger async throws in
            // The wanted are few among many, and a page's worth of unwanted lies between them.
            for round in 0..<6 {
                _ = try await ledger.append((0..<20).map { .vitals(session($0 + 10)) }, to: log)
                var note = AppendCommand.vitals(session(1))
                note.events[0].type = round.isMultiple(of: 2) ? "NoteRecorded" : "VitalsRecorded"
                _ = try await ledger.append([note], to: log)
            }
            let stream = try await Self.follow(ledger, log, EventQuery(stream: session(1), limit: 2), until: 126)
            #expect(stream.map(\.position) == [21, 42, 63, 84, 105, 126])
            let notes = try await Self.follow(ledger, log, EventQuery(type: "NoteRecorded", limit: 2), until: 105)
            #expect(notes.map(\.position) == [21, 63, 105])
            let both = try await Self.follow(ledger, log, EventQuery(after: 21, stream: session(1), type: "NoteRecorded"), until: 105)
            #expect(both.map(\.position) == [63, 105])
        }
    }

    @Test func beginsBeforeTheLogDoes() async throws {
        try await withLedger { ledger async throws in
            async let seen = Self.follow(ledger, log, EventQuery(), until: 1)
            _ = try await ledger.append([.vitals(session(1))], to: log)
            #expect(try await seen.count == 1)
        }
    }

    @Test func endsQuietlyWhenCancelled() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            for early in [true, false] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (reached, reach) = AsyncStream<Void>.makeStream()
                    group.addTask { [log] in
                        try await ledger.follow(log, EventQuery()) { _ in
                            reach.yield()
                            return true
                        }
                    }
                    if !early { for await _ in reached { break } }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func anErrorOfTheBodyComesOut() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            await #expect(throws: Unexpected.self) { try await ledger.follow(log, EventQuery()) { _ in throw Unexpected("body") } }
            // Also one that would be waited for had the log's own reading met it: going on would skip what the body did not take.
            let error = await #expect(throws: LedgerError.self) {
                try await ledger.follow(log, EventQuery()) { _ in throw LedgerError.unreachable("body") }
            }
            guard case .unreachable("body") = error else { throw Unexpected("\(String(describing: error))") }
        }
    }

    /// Its connections, the listening one too, are cut again and again.
    @Test func outlivesItsConnections() async throws {
        let name = "follower-under-fault"
        let settings = TestDatabase.current.settings.setting(user: "ledger_tests_login").setting(applicationName: name)
        try await withLedger(settings) { ledger async throws in
            try await withLedger { writer async throws in
                async let seen = Self.follow(ledger, log, EventQuery(limit: 3), until: 200)
                try await withSuperuser { connection async throws in
                    for _ in 0..<20 {
                        for _ in 0..<10 { _ = try await writer.append([.vitals(session(1))], to: log) }
                        _ = try await connection.query(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [name])
                    }
                }
                #expect(try await seen.map(\.position) == Array(1...200))
            }
        }
    }
}

@Suite struct FollowARestartedServerTests {
    @Test(.timeLimit(.minutes(2))) func goesOnWhereItWas() async throws {
        try await withOwnServer { server in
            let log = LogName.test()
            try await withLedger(try await server.start()) { ledger async throws in
                let (positions, position) = AsyncStream<Int64>.makeStream()
                let following = Task {
                    try await ledger.follow(log, EventQuery(limit: 2)) { page in
                        for event in page { position.yield(event.position) }
                        return (page.last?.position ?? 0) < 30
                    }
                    position.finish()
                }
                var seen: [Int64] = []
                var next = positions.makeAsyncIterator()
                for round in 1...3 {
                    for _ in 0..<10 { _ = try await ledger.append([.vitals(session(1))], to: log) }
                    while seen.count < round * 10, let one = await next.next() { seen.append(one) }
                    try await server.kill()
                    try await server.start()
                }
                try await following.value
                #expect(seen == Array(1...30))
            }
        }
    }
}

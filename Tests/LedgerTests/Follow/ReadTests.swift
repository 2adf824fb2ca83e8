import Ledger
import TestSupport
import Testing

@Suite(.ledger) struct ReadTests {
    let log = LogName.test()

    /// 30 events: streams 1, 2, 3 in turn, every fifth a note.
    private func fill(_ ledger: Ledger) async throws {
        let commands = (0..<30).map { index in
            var command = AppendCommand.vitals(session(index % 3 + 1))
            if index % 5 == 4 { command.events[0].type = "NoteRecorded" }
            command.events[0].subject = index % 3 == 2 ? nil : patient(index % 3 + 1)
            return command
        }
        _ = try await ledger.append(commands, to: log)
        _ = try await ledger.append([.vitals(session(1))], to: .test("walnut"))
    }

    @Test func pagesAreBoundedAndFiltered() async throws {
        try await withLedger { ledger async throws in
            try await fill(ledger)
            func positions(_ query: EventQuery) async throws -> [Int64] { try await ledger.events(of: log, query).map(\.position) }
            #expect(try await positions(EventQuery()) == Array(1...30))
            #expect(try await positions(EventQuery(after: 4, limit: 3)) == [5, 6, 7])
            #expect(try await positions(EventQuery(after: 4, upTo: 6)) == [5, 6])
            #expect(try await positions(EventQuery(after: 30)).isEmpty)
            #expect(try await positions(EventQuery(after: -5, limit: 1)) == [1])
            #expect(try await positions(EventQuery(upTo: 0)).isEmpty)
            #expect(try await positions(EventQuery(stream: session(2), limit: 3)) == [2, 5, 8])
            #expect(try await positions(EventQuery(after: 8, upTo: 14, stream: session(2))) == [11, 14])
            #expect(try await positions(EventQuery(type: "NoteRecorded")) == [5, 10, 15, 20, 25, 30])
            #expect(try await positions(EventQuery(after: 5, stream: session(2), type: "NoteRecorded", limit: 1)) == [20])
            #expect(try await positions(EventQuery(stream: session(77))).isEmpty)
            #expect(try await ledger.events(of: .test("nowhere"), EventQuery()).isEmpty)
            #expect(try await ledger.events(of: .test("walnut"), EventQuery()).count == 1)
        }
    }

    @Test func wholeStreamsComeInOrder() async throws {
        try await withLedger { ledger async throws in
            try await fill(ledger)
            let streams = try await ledger.streams([session(1), session(3), session(99)], of: log)
            #expect(Set(streams.keys) == [session(1), session(3)])
            #expect(streams[session(1)]?.map(\.position) == Array(stride(from: 1, through: 28, by: 3)))
            #expect(streams[session(3)]?.map(\.version) == Array(1...10))
            let early = try await ledger.streams([session(1)], of: log, upTo: 5)
            #expect(early[session(1)]?.map(\.position) == [1, 4])
            #expect(try await ledger.streams([], of: log).isEmpty)
            #expect(try await ledger.streams([session(1)], of: .test("nowhere")).isEmpty)
        }
    }

    @Test func streamsAreFoundByWhomTheyConcern() async throws {
        try await withLedger { ledger async throws in
            try await fill(ledger)
            var second = AppendCommand.vitals(session(50))
            second.events[0].subject = patient(1)
            _ = try await ledger.append([second], to: log)
            #expect(try await ledger.streams(concerning: patient(1), of: log) == [session(1), session(50)])
            #expect(try await ledger.streams(concerning: patient(1), of: log, upTo: 30) == [session(1)])
            #expect(try await ledger.streams(concerning: patient(9), of: log).isEmpty)
        }
    }

    @Test func limitsAreHeldInBounds() {
        #expect(EventQuery(limit: 0).limit == 1)
        #expect(EventQuery(limit: -3).limit == 1)
        #expect(EventQuery(limit: .max).limit == EventQuery.maximumLimit)
    }

    @Test func namesOfLogs() {
        #expect(LogName(clinic: "a-1")?.description == "a-1/record")
        for wrong in ["", "-a", "A", "a b", "é", "a_b", "a/b", String(repeating: "a", count: 64)] { #expect(LogName(clinic: wrong) == nil) }
        #expect(LogName(clinic: String(repeating: "a", count: 63)) != nil)
    }
}

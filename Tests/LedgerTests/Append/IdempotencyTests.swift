import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite(.ledger) struct IdempotencyTests {
    let log = LogName.test()

    @Test func theSameCommandAnswersWithItsFirstReceipts() async throws {
        try await withLedger { ledger async throws in
            var command = AppendCommand.full()
            let first = try #require(try await ledger.append([command], to: log)[0].receipts)
            _ = try await ledger.append([.vitals(session(1))], to: log)
            // Decided again after a conflict it carries other conditions; that is no other content.
            command.conditions = [StreamCondition(stream: session(1), version: 0)]
            #expect(try await ledger.append([command], to: log) == [.repeated(first)])
            #expect(try await ledger.head(of: log).size == 3)
        }
    }

    static let changes: [(String, @Sendable (inout AppendCommand) -> Void)] = [
        ("actor", { $0.actor = "dr.b" }),
        ("charted_at", { $0.chartedAt = .sample(601) }),
        ("no charted_at", { $0.chartedAt = nil }),
        ("stream", { $0.events[1].stream = session(2) }),
        ("type", { $0.events[1].type = "SideEffectObserved" }),
        ("occurred_at", { $0.events[1].occurredAt.microseconds += 1 }),
        ("subject", { $0.events[0].subject = patient(2) }),
        ("no subject", { $0.events[0].subject = nil }),
        ("a subject", { $0.events[1].subject = patient(1) }),
        ("gate", { $0.events[0].override?.gate = "dose" }),
        ("reason", { $0.events[0].override?.reason += "." }),
        ("no override", { $0.events[0].override = nil }),
        ("an override", { $0.events[1].override = NewEvent.Override(gate: "dose", reason: "r") }),
        ("payload", { $0.events[0].payload = #"{"weight_kg":70.50}"# }),
        ("order", { $0.events.swapAt(0, 1) }),
        ("fewer events", { $0.events.removeLast() }),
        ("only the last event", { $0.events.removeFirst() }),
        ("more events", { $0.events.append(.vitals(session(1))) }),
    ]

    @Test func otherContentInAnyFieldIsAReuse() async throws {
        try await withLedger { ledger async throws in
            let command = AppendCommand.full()
            _ = try await ledger.append([command], to: log)
            for (name, change) in Self.changes {
                var other = command
                change(&other)
                #expect(try await ledger.append([other], to: log) == [.reused], "\(name)")
            }
            #expect(try await ledger.head(of: log).size == 2)
        }
    }

    @Test func aBatchMayOverlapAnEarlierOne() async throws {
        try await withLedger { ledger async throws in
            let known = [AppendCommand.vitals(session(1)), .vitals(session(2), session(1))]
            let first = try await ledger.append(known, to: log).map { $0.receipts ?? [] }
            var reused = known[0]
            reused.actor = "someone.else"
            let new = [AppendCommand.vitals(session(1)), .vitals(session(3))]
            let outcomes = try await ledger.append(
                [new[0], known[1], new[1], reused, .vitals(session(3), conditions: [StreamCondition(stream: session(3), version: 0)])],
                to: log)
            #expect(outcomes[0].receipts?.map(\.position) == [4])
            #expect(outcomes[1] == .repeated(first[1]))
            #expect(outcomes[2].receipts?.map(\.position) == [5])
            #expect(outcomes[3] == .reused)
            #expect(outcomes[4] == .conflict(stream: session(3), expected: 0, actual: 1))
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    @Test func aConflictedCommandMayBeSentAgain() async throws {
        try await withLedger { ledger async throws in
            var command = AppendCommand.vitals(session(1), conditions: [StreamCondition(stream: session(1), version: 1)])
            #expect(try await ledger.append([command], to: log) == [.conflict(stream: session(1), expected: 1, actual: 0)])
            command.conditions = []
            command.actor = "another"
            #expect(try await ledger.append([command], to: log)[0].receipts?.map(\.position) == [1])
        }
    }

    @Test func oneCommandTwiceInACallIsRefused() async throws {
        try await withLedger { ledger async throws in
            let command = AppendCommand.vitals(session(1))
            let error = await #expect(throws: LedgerError.self) { try await ledger.append([command, command], to: log) }
            guard case .malformed = error else { throw Unexpected("\(String(describing: error))") }
            #expect(try await ledger.head(of: log).size == 0)
        }
    }

    @Test func theSequencerTakesOneCommandTwiceInTurn() async throws {
        try await withLedger { ledger async throws in
            let sequencer = ledger.sequencer(for: log)
            let command = AppendCommand.vitals(session(1))
            let outcomes = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                for _ in 0..<20 { group.addTask { try await sequencer.append(command) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let appended = outcomes.filter { if case .appended = $0 { true } else { false } }
            #expect(appended.count == 1)
            #expect(Set(outcomes.compactMap(\.receipts)).count == 1)
            #expect(try await ledger.head(of: log).size == 1)
        }
    }

    @Test func anErasedPayloadStillAnswersItsCommand() async throws {
        try await withLedger { ledger async throws in
            let command = AppendCommand.full()
            let first = try #require(try await ledger.append([command], to: log)[0].receipts)
            try await withSuperuser { connection async throws in
                try await connection.transaction { connection in
                    let erasure = NewEvent(
                        stream: patient(1), type: "PayloadErased", occurredAt: .sample(), payload: #"{"positions":[{"from":1,"to":2}]}"#)
                    _ = try Ledger.append(AppendCommand(id: UUID(), actor: "dr.a", events: [erasure]), to: log, on: connection)
                    #expect(try Ledger.erase(namedAt: 3, in: log, on: connection) == 2)
                }
            }
            #expect(try await ledger.append([command], to: log) == [.repeated(first)])
            var other = command
            other.actor = "dr.b"
            #expect(try await ledger.append([other], to: log) == [.reused])
            let verification = try await ledger.verify(log)
            #expect(verification.isIntact)
            #expect(verification.erased == 2)
        }
    }
}

import Foundation
import Ledger
import TestSupport
import Testing

@Suite(.ledger) struct ConditionTests {
    let log = LogName.test()

    private func version(_ stream: String, _ version: Int64) -> StreamCondition { StreamCondition(stream: stream, version: version) }

    @Test func aConditionMayNameAnotherStream() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.vitals(patient(1), patient(1))], to: log)
            let outcomes = try await ledger.append(
                [
                    .vitals(session(1), conditions: [version(patient(1), 2), version(session(1), 0)]),
                    .vitals(session(2), conditions: [version(session(2), 0), version(patient(1), 1)]),
                    .vitals(session(3), conditions: [version(patient(2), 0)]),
                ], to: log)
            #expect(outcomes[0].receipts?.map(\.position) == [3])
            #expect(outcomes[1] == .conflict(stream: patient(1), expected: 1, actual: 2))
            #expect(outcomes[2].receipts?.map(\.position) == [4])
        }
    }

    @Test func theFirstConditionThatFailsIsNamed() async throws {
        try await withLedger { ledger async throws in
            let outcome = try await ledger.append(
                [.vitals(session(1), conditions: [version(session(1), 0), version(session(2), 4), version(session(3), 5)])], to: log)
            #expect(outcome == [.conflict(stream: session(2), expected: 4, actual: 0)])
            #expect(try await ledger.head(of: log).size == 0)
        }
    }

    @Test func aConflictInTheMiddleLeavesTheOthersUntouched() async throws {
        try await withLedger { ledger async throws in
            let outcomes = try await ledger.append(
                [
                    .vitals(session(1), session(2)), .vitals(session(1), conditions: [version(session(1), 7)]),
                    .vitals(session(1), session(1)),
                ], to: log)
            #expect(outcomes[0].receipts?.map(\.position) == [1, 2])
            #expect(outcomes[1] == .conflict(stream: session(1), expected: 7, actual: 1))
            #expect(outcomes[2].receipts?.map(\.position) == [3, 4])
            #expect(outcomes[2].receipts?.map(\.version) == [2, 3])
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    @Test func laterCommandsOfABatchSeeEarlierOnes() async throws {
        try await withLedger { ledger async throws in
            let outcomes = try await ledger.append(
                [
                    .vitals(session(1), session(1), conditions: [version(session(1), 0)]),
                    .vitals(session(2), conditions: [version(session(1), 2)]),
                    .vitals(session(1), conditions: [version(session(1), 2), version(session(2), 1)]),
                ], to: log)
            #expect(outcomes.allSatisfy { $0.receipts != nil })
        }
    }

    /// What a refused command would have written does not count for those behind it.
    @Test func aRefusedCommandTakesItsDependantsAlong() async throws {
        try await withLedger { ledger async throws in
            let outcomes = try await ledger.append(
                [
                    .vitals(session(1), conditions: [version(session(1), 3)]),
                    .vitals(session(1), conditions: [version(session(1), 1)]),
                    .vitals(session(1), conditions: [version(session(1), 0)]),
                    .vitals(session(2), conditions: [version(session(1), 1)]),
                ], to: log)
            #expect(outcomes[0] == .conflict(stream: session(1), expected: 3, actual: 0))
            #expect(outcomes[1] == .conflict(stream: session(1), expected: 1, actual: 0))
            #expect(outcomes[2].receipts?.map(\.position) == [1])
            #expect(outcomes[3].receipts?.map(\.position) == [2])
        }
    }

    /// Two at once with the same expectation: one is taken, the other told so, whichever came first.
    @Test func ofTwoThatExpectTheSameVersionOneIsTaken() async throws {
        try await withLedger { first in
            try await withLedger { second in
                _ = try await first.append([.vitals(session(9))], to: log)
                for round in 0..<20 {
                    let condition = version(session(1), Int64(round))
                    async let one = first.append([.vitals(session(1), conditions: [condition])], to: log)[0]
                    async let two = second.append([.vitals(session(1), conditions: [condition])], to: log)[0]
                    let outcomes = try await [one, two]
                    #expect(outcomes.count(where: { $0.receipts != nil }) == 1)
                    #expect(outcomes.contains(.conflict(stream: session(1), expected: Int64(round), actual: Int64(round + 1))))
                }
            }
        }
    }
}

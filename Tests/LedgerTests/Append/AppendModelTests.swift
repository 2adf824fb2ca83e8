import Canonical
import Foundation
import Ledger
import TestSupport
import Testing

/// Random batches against `LogModel`: a batch must answer as its commands would one by one, whichever way the database went to judge them.
@Suite(.ledger) struct AppendModelTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func batchesAnswerAsTheModel(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var model = LogModel()
        var seen: Set<String> = []
        try await withLedger { ledger async throws in
            for _ in 0..<40 {
                let batch = Self.batch(&random, after: model)
                let expected = batch.map { model.append($0) }
                let answers = try await ledger.append(batch, to: .test("batches")).map { LogModel.Answer($0) }
                #expect(answers == expected)
                // The same commands one by one never meet a dependency inside their batch.
                for (command, answer) in zip(batch, expected) {
                    #expect(try await ledger.append([command], to: .test("singles")).map { LogModel.Answer($0) } == [answer])
                }
                for answer in expected { seen.insert(String("\(answer)".prefix { $0 != "(" })) }
            }
            for log in [LogName.test("batches"), .test("singles")] {
                let stored = try await ledger.allEvents(of: log)
                #expect(stored.map(\.position) == model.events.indices.map { Int64($0 + 1) })
                #expect(stored.map(\.stream) == model.events.map(\.stream))
                #expect(stored.map(\.payload) == model.events.map(\.payload))
                #expect(try await ledger.verify(log).isIntact)
            }
        }
        // A generator that stopped making some kind of batch would make the test say nothing.
        #expect(seen == ["appended", "repeated", "conflict", "reused"])
    }

    private static func batch(_ random: inout SeededGenerator, after model: LogModel) -> [AppendCommand] {
        var guess = model
        var batch: [AppendCommand] = []
        // Every other batch has only conditions that hold.
        let honest = Bool.random(using: &random)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            // Dictionary order differs from run to run; a seed must not.
            let known = model.commands.sorted { $0.id.uuidString < $1.id.uuidString }
            if Int.random(in: 0..<6, using: &random) == 0, var old = known.randomElement(using: &random) {
                guard !batch.contains(where: { $0.id == old.id }) else { continue }
                if Bool.random(using: &random) { old.events[0].occurredAt.microseconds += 1 }
                if Bool.random(using: &random) { old.conditions = [StreamCondition(stream: stream(&random), version: 99)] }
                batch.append(old)
                continue
            }
            let command = AppendCommand(
                id: UUID.random(using: &random), actor: "nurse.\(Int.random(in: 1...3, using: &random))",
                conditions: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    let stream = stream(&random)
                    let right = guess.versions[stream, default: 0]
                    let off = honest || Int.random(in: 0..<4, using: &random) > 0 ? 0 : Int64.random(in: -1...2, using: &random)
                    return StreamCondition(stream: stream, version: max(0, right + off))
                },
                events: (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    .vitals(stream(&random), heartRate: Int.random(in: 50...150, using: &random))
                })
            _ = guess.append(command)
            batch.append(command)
        }
        return batch.isEmpty ? [.vitals(session(1), id: UUID.random(using: &random))] : batch
    }

    private static func stream(_ random: inout SeededGenerator) -> String { session(Int.random(in: 1...5, using: &random)) }
}

extension UUID {
    static func random(using random: inout SeededGenerator) -> UUID {
        let (high, low) = (random.next(), random.next())
        return withUnsafeBytes(of: (high, low)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

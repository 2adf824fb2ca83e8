import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

@Suite struct KilledServerTests {
    static let kills = 20

    /// Writers go on while the server is killed again and again; whatever was acknowledged is there, once, and in its place.
    @Test(.timeLimit(.minutes(5))) func whatWasAcknowledgedSurvives() async throws {
        try await withOwnServer { server in
            let log = LogName.test()
            let settings = try await server.start()
            let acknowledged = Acknowledged()
            try await withLedger(settings) { ledger async throws in
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 0..<4 {
                        writers.addTask {
                            while !acknowledged.isOver {
                                let outcome = try await ledger.sequencer(for: log).append(.vitals(session(writer), session(writer)))
                                guard let receipts = outcome.receipts else { throw Unexpected("\(outcome)") }
                                acknowledged.add(receipts, in: log)
                            }
                        }
                    }
                    for _ in 0..<Self.kills {
                        // Each time some events go in first, so that there is something to lose.
                        let enough = acknowledged.count + 40
                        while acknowledged.count < enough { try await Task.sleep(for: .milliseconds(1)) }
                        try await server.kill()
                        try await server.start()
                    }
                    acknowledged.end()
                    try await writers.waitForAll()
                }
                let stored = try await ledger.allEvents(of: log)
                let receipts = acknowledged.receipts(of: log)
                // Every writer waited for its last answer, so nothing unacknowledged is left either.
                #expect(receipts.map(\.event) == stored.map(\.event))
                #expect(receipts.map(\.position) == stored.map(\.position))
                #expect(receipts.map(\.leaf).count >= Self.kills * 40)
                let verification = try await ledger.verify(log)
                #expect(verification.isIntact, "\(verification.findings)")
            }
        }
    }
}

import Foundation
import Ledger
import Logging
import TestSupport
import Testing

@testable import Service

@Suite(.service) struct WitnessCollectorTests {
    /// What woke it once must not wake it for ever.
    @Test func itRestsWhileThereIsNothingToShow() async throws {
        try await withDatabase { database in
            let collector = WitnessCollector([], ledger: database.ledger, keys: [], logger: .silent)
            let running = Task { try await collector.run() }
            for _ in 0..<3 {
                await collector.show(TestClinic().log)
                try await Task.sleep(for: .milliseconds(100))
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await collector.rounds <= 10)
            running.cancel()
            try await running.value
        }
    }
}

import Logging
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct ClosedLedgerTests {
    /// A follower that outlives its ledger must not spin.
    @Test(.ledger) func waitingOnAClosedLedgerStillWaits() async throws {
        let ledger = Ledger(TestDatabase.current.settings, logger: .silent)
        await ledger.close()
        let limit = Duration.milliseconds(50)
        let count = await ledger.announcer.count(of: nil)
        let waited = await ContinuousClock().measure { await ledger.announcer.wait(for: nil, after: count, limit: limit) }
        #expect(waited >= limit)
    }
}

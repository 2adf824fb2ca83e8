import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// While much is recorded only one of a rebuild's workers goes on.
@Suite(.projections, .timeLimit(.minutes(5))) struct CourtesyTests {
    /// Runs `body` while events are recorded, again and again.
    private func busy(_ bench: Workbench, _ body: () async throws -> Void) async throws {
        let done = Flag()
        async let recording: Void = {
            var clinic = RandomClinic(seed: 61)
            while !done.isRaised { try await bench.append(clinic.work(events: 5)) }
        }()
        try await body()
        done.raise()
        try await recording
    }

    /// A worker that waits until it may go on.
    private func wait(worker: Int, someLeft: Bool) async throws {
        let connection = try await TestDatabase.current.connect()
        var courtesy = Courtesy(worker: worker, limit: 1)
        for _ in 0..<2 { try await courtesy.wait(while: "SELECT 1 WHERE $1", [someLeft], on: connection) }
        await connection.close()
    }

    @Test(arguments: [(0, true), (1, false)])
    func theFirstGoesOnAndOthersWhereNothingIsLeft(_ worker: Int, _ someLeft: Bool) async throws {
        try await Workbench.open { bench in
            try await busy(bench) { try await wait(worker: worker, someLeft: someLeft) }
        }
    }

    @Test func theOthersStandAsideUntilItIsQuiet() async throws {
        try await Workbench.open { bench in
            let goneOn = Flag()
            let second = Task {
                try await Task.sleep(for: .milliseconds(300))
                try await wait(worker: 1, someLeft: true)
                goneOn.raise()
            }
            try await busy(bench) {
                try await Task.sleep(for: .seconds(2))
                #expect(!goneOn.isRaised)
            }
            try await second.value
        }
    }
}

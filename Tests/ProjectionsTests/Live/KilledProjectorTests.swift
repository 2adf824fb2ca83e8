import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Rows and checkpoint in one transaction: however often a projector is killed, no row is doubled and none is missing.
@Suite(.projections, .timeLimit(.minutes(10))) struct KilledProjectorTests {
    @Test func rowsAreRightHoweverOftenTheBackendIsKilled() async throws {
        try await Workbench.open { bench in
            var random = SeededGenerator(seed: 7)
            var clinics = [RandomClinic(seed: 71), RandomClinic(seed: 72)]
            let logs = [Workbench.hickory, Workbench.alder]
            var kills = 0
            while kills < 40 {
                for index in clinics.indices { try await bench.append(clinics[index].work(events: 12), to: logs[index]) }
                kills += try await catchUpUnderFire(bench, patience: Int.random(in: 0...60, using: &random))
            }
            try await bench.projector.catchUp()
            let survivors = try await bench.tables()
            try await bench.cleanRun().expectEqual(survivors, "a clean run against one killed \(kills) times")
        }
    }

    /// Catches up, and kills its connection once it has been seen in a transaction so many times.
    /// - Returns: how many connections were killed; 0 where it was done before.
    private func catchUpUnderFire(_ bench: Workbench, patience: Int) async throws -> Int {
        let done = Flag()
        let work = Task {
            defer { done.raise() }
            try await bench.projector.catchUp()
        }
        var looks = 0
        var kills = 0
        while !done.isRaised, kills == 0 {
            let busy = try await bench.superuser.query(
                """
                SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 \
                AND (backend_xid IS NOT NULL OR query LIKE 'COPY%' OR query LIKE 'DELETE%')
                """, [Workbench.projectorName])
            looks += busy.count
            guard looks > patience else { continue }
            kills += try await bench.killProjector()
        }
        do {
            try await work.value
        } catch let error as PostgresError {
            #expect(error.isConnectionFailure, "\(error)")
            #expect(kills > 0)
        }
        return kills
    }

    @Test func checkpointAndRowsChangeTogether() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 5)
            try await bench.append(clinic.work(events: 60))
            try await bench.projector.catchUp()
            try await bench.append(clinic.work(events: 60))
            let before = try await bench.tables()
            // The rows of the last table can't be written: what was written before them in the same transaction must go too.
            try await bench.superuser.script("ALTER TABLE session_flowsheet.vitals ADD CONSTRAINT never CHECK (heart_rate < 0) NOT VALID")
            await #expect(throws: PostgresError.self) { try await bench.projector.catchUp() }
            let flowsheet = [SessionFlowsheet.self] as [any Projection.Type]
            try await TableSnapshot(bench.superuser, of: flowsheet).expectEqual(
                TableSnapshot(rows: before.rows.filter { $0.key.hasPrefix("session_flowsheet.") }))
            let status = try await bench.ledger.projectionStatus().first { $0.name == "session_flowsheet" }
            #expect((status?.position ?? 0) < clinic.position)
            try await bench.superuser.script("ALTER TABLE session_flowsheet.vitals DROP CONSTRAINT never")
            try await bench.projector.catchUp()
            let after = try await bench.tables()
            try await bench.cleanRun().expectEqual(after)
        }
    }
}

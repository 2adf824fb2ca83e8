import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Projections

/// A rebuild that was killed or cancelled goes on where it stopped.
@Suite(.projections, .timeLimit(.minutes(10))) struct InterruptedRebuildTests {
    private func worked(_ bench: Workbench, seed: UInt64) async throws -> RandomClinic {
        var clinic = RandomClinic(seed: seed)
        try await bench.append(clinic.work(events: 400))
        try await bench.projector.catchUp()
        return clinic
    }

    @Test(arguments: [1, 2]) func cancelledAndRunAgainItFoldsOnlyTheRest(jobs: Int) async throws {
        try await Workbench.open { bench in
            var clinic = try await worked(bench, seed: 51)
            let before = try await bench.tables()
            let stop = Stop(after: 3)
            await #expect(throws: CancellationError.self) {
                try await rebuild(bench, [SessionFlowsheet.self], jobs: jobs, chunkEvents: 20, progress: stop.report, task: stop)
            }
            // The tables that serve are untouched, and the work done is written down.
            try await bench.tables().expectEqual(before)
            #expect(try await leftovers(bench) == ["session_flowsheet_next"])
            let done = try await folded(bench)
            #expect(done >= 3)
            let written = try await rowWriters(bench, .next, untouchedSince: clinic.position)
            // What comes in meanwhile is folded in too.
            let position = clinic.position
            clinic.moveOn()
            try await bench.append(clinic.work(events: 40))
            try await bench.projector.catchUp()
            let live = try await bench.tables()
            let reports = Mutex<[RebuildProgress]>([])
            try await rebuild(bench, [SessionFlowsheet.self], jobs: jobs, chunkEvents: 20) { report in
                reports.withLock { $0.append(report) }
            }
            let (first, last) = reports.withLock { ($0.first, $0.last) }
            #expect((first?.resumedAt ?? 0) > 0)
            #expect(first?.events == first?.resumedAt)
            #expect(first?.rate == 0)
            #expect(last?.events == last?.total)
            // Chunks that were done were not folded again: their rows are those that were written then.
            let rewritten = try await rowWriters(bench, .serving, untouchedSince: position)
            #expect(!rewritten.isEmpty)
            #expect(written.keys.contains { rewritten[$0] != nil })
            #expect(written.allSatisfy { rewritten[$0.key] == nil || rewritten[$0.key] == $0.value })
            try await bench.projector.catchUp()
            try await bench.tables().expectEqual(live)
            #expect(try await leftovers(bench).isEmpty)
        }
    }

    /// A rebuild of all that was stopped, one of a single read model, and all again: the second takes its part out of the first's hands.
    @Test func oneThatIsRebuiltAloneLeavesThePlanOfAll() async throws {
        try await Workbench.open { bench in
            _ = try await worked(bench, seed: 59)
            let before = try await bench.tables()
            let stop = Stop(after: 3)
            let all = Task { try await Rebuild(bench.projector, allProjections, jobs: 2, chunkEvents: 20, progress: stop.report).run() }
            stop.watch(all)
            do { try await all.value } catch is CancellationError {}
            try await rebuild(bench, [Compliance.self], jobs: 1, chunkEvents: 30)
            try await bench.tables().expectEqual(before)
            try await Rebuild(bench.projector, allProjections, jobs: 2, chunkEvents: 20, progress: nil).run()
            try await bench.tables().expectEqual(before)
            #expect(try await leftovers(bench).isEmpty)
        }
    }

    @Test func killedAgainAndAgainItComesToItsEnd() async throws {
        try await Workbench.open { bench in
            var clinic = try await worked(bench, seed: 52)
            var random = SeededGenerator(seed: 52)
            var kills = 0
            var attempts = 0
            while kills < 25 {
                attempts += 1
                try #require(attempts < 500)
                let done = Flag()
                let work = Task {
                    defer { done.raise() }
                    try await Rebuild(bench.projector, allProjections, jobs: 2, chunkEvents: 20, progress: nil).run()
                }
                // Any of its connections: the one that plans and switches, or a worker.
                var patience = Int.random(in: 0...40, using: &random)
                while !done.isRaised {
                    let busy = try await bench.superuser.query(
                        """
                        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 \
                        AND backend_xid IS NOT NULL
                        """, [Workbench.projectorName]
                    ).map { try $0.value(0, as: Int32.self) }
                    patience -= busy.count
                    guard patience < 0, let victim = busy.randomElement(using: &random) else { continue }
                    try await bench.superuser.execute("SELECT pg_terminate_backend($1)", [victim])
                    kills += 1
                    break
                }
                do { try await work.value } catch let error as PostgresError { #expect(error.isConnectionFailure, "\(error)") }
                try await bench.append(clinic.work(events: 3))
            }
            try await Rebuild(bench.projector, allProjections, jobs: 2, chunkEvents: 20, progress: nil).run()
            try await bench.projector.catchUp()
            let survivors = try await bench.tables()
            #expect(try await leftovers(bench).isEmpty)
            try await bench.cleanRun().expectEqual(survivors, "a clean run against one killed \(kills) times")
        }
    }

    /// The process of a killed rebuild is gone, but the server still works on its last chunk: that chunk must not be taken for done.
    @Test func aChunkInTheHandsOfADyingWorkerIsWaitedFor() async throws {
        try await Workbench.open { bench in
            _ = try await worked(bench, seed: 53)
            let before = try await bench.tables()
            let stop = Stop(after: 1)
            await #expect(throws: CancellationError.self) {
                try await rebuild(bench, [Compliance.self], jobs: 1, chunkEvents: 40, progress: stop.report, task: stop)
            }
            let dying = try await TestDatabase.current.connect()
            try await dying.script("BEGIN")
            try await dying.execute(
                """
                UPDATE projections.rebuild_chunks SET done = true WHERE name = 'compliance' \
                AND number = (SELECT max(number) FROM projections.rebuild_chunks WHERE name = 'compliance' AND NOT done)
                """)
            let work = Task { try await rebuild(bench, [Compliance.self], jobs: 1, chunkEvents: 40) }
            try await bench.until {
                try await !bench.superuser.query(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1", [Workbench.projectorName]
                ).isEmpty
            }
            await dying.close()
            try await work.value
            try await bench.tables().expectEqual(before)
        }
    }

    /// The program has learnt a new fold since the tables were made.
    @Test func outdatedTablesAreRefusedAndRebuiltByTheRunningProjector() async throws {
        try await Workbench.open { bench in
            let clinic = try await worked(bench, seed: 54)
            let right = try await bench.tables()
            try await bench.superuser.script(
                """
                UPDATE projections.models SET version = 0 WHERE name = 'compliance';
                DELETE FROM compliance.verdicts
                """)
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.catchUp() }
            #expect(
                "\(try #require(error))".contains(
                    "are of version 0, this program's are \(Compliance.version): run `dripline rebuild compliance`"))
            #expect(try await bench.ledger.projectionStatus().filter(\.isOutdated).map(\.name) == ["compliance"])
            let run = Task { try await bench.projector.run() }
            try await bench.until { try await bench.ledger.projectionStatus().allSatisfy { !$0.isOutdated } }
            try await bench.ledger.waitForProjection(
                Compliance.self, of: Workbench.hickory, position: clinic.position, limit: .seconds(30))
            run.cancel()
            try await run.value
            try await bench.tables().expectEqual(right)
        }
    }

    /// A program that is older than the tables leaves them alone: the newer one that made them is at work.
    @Test func tablesOfANewerProgramAreLeftAlone() async throws {
        try await Workbench.open { bench in
            var clinic = try await worked(bench, seed: 55)
            try await bench.superuser.script("UPDATE projections.models SET version = 9 WHERE name = 'compliance'")
            let before = try await TableSnapshot(bench.superuser, of: [Compliance.self])
            try await bench.append(clinic.work(events: 30))
            let run = Task { try await bench.projector.run() }
            try await bench.ledger.waitForProjection(
                PatientChart.self, of: Workbench.hickory, position: clinic.position, limit: .seconds(30))
            run.cancel()
            try await run.value
            try await TableSnapshot(bench.superuser, of: [Compliance.self]).expectEqual(before)
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.catchUp() }
            #expect("\(try #require(error))".contains("run the newer Dripline that made them"))
        }
    }

    /// A projector that was at work when newer tables came writes nothing into them.
    @Test func aStepIntoTablesOfAnotherVersionIsRefused() async throws {
        try await Workbench.open { bench in
            var clinic = try await worked(bench, seed: 56)
            try await bench.append(clinic.work(events: 30))
            try await bench.superuser.script("UPDATE projections.models SET version = 9 WHERE name = 'compliance'")
            await #expect(throws: ProjectionError.self) {
                _ = try await bench.projector.withConnection { try await bench.projector.pass(Compliance.self, .serving, on: $0) }
            }
        }
    }

    private func folded(_ bench: Workbench) async throws -> Int64 {
        try await bench.superuser.query("SELECT count(*) FROM projections.rebuild_chunks WHERE done").first?.value(0, as: Int64.self) ?? 0
    }

    /// For each row of vitals on streams without an event after a position, the transaction that wrote it.
    private func rowWriters(
        _ bench: Workbench, _ generation: Generation, untouchedSince position: Int64
    ) async throws -> [String: String] {
        let rows = try await bench.superuser.query(
            """
            SELECT event::text, xmin::text FROM \(generation.schema(of: "session_flowsheet")).vitals v \
            WHERE NOT EXISTS (SELECT FROM dripline.events e WHERE e.stream = v.stream AND e.position > $1)
            """, [position])
        return try rows.reduce(into: [:]) { writers, row in
            let (event, writer) = try row.decode(String.self, String.self)
            writers[event] = writer
        }
    }
}

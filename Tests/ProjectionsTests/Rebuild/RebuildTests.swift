import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Projections

/// A rebuild fills tables beside those that serve, and switches to them at once.
@Suite(.projections, .timeLimit(.minutes(10))) struct RebuildTests {
    /// Readers see a whole set of rows at every moment: the old one or the new one.
    @Test func readersNeverSeeATableThatIsNotWhole() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 41)
            try await bench.append(clinic.work(events: 300))
            try await bench.projector.catchUp()
            let whole = try await bench.tables()
            let patient = try #require(clinic.patients.first)
            let chart = try await bench.ledger.chart(of: patient, clinic: "hickory")
            let done = Flag()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        var reads = 0
                        let reader = try await TestDatabase.current.connect()
                        while !done.isRaised {
                            try await TableSnapshot(reader).expectEqual(whole, "while it is rebuilt")
                            #expect(try await bench.ledger.chart(of: patient, clinic: "hickory") == chart)
                            reads += 1
                        }
                        await reader.close()
                        return reads
                    }
                }
                for round in 0..<6 { try await rebuild(bench, jobs: round % 2 + 1, chunkEvents: 50) }
                done.raise()
                for try await reads in group { #expect(reads > 3) }
            }
        }
    }

    @Test func switchesWhileAProjectorRunsAndTheClinicsWork() async throws {
        try await Workbench.open { bench in
            var clinics = [RandomClinic(seed: 42), RandomClinic(seed: 43), RandomClinic(seed: 44)]
            let logs = [Workbench.hickory, Workbench.alder, Workbench.juniper]
            try await bench.append(clinics[0].work(events: 200), to: logs[0])
            let done = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let other = Workbench.projector(bench.ledger, named: "live")
                let live = Task { try await other.run() }
                group.addTask {
                    for _ in 0..<2 { try await bench.projector.rebuild(jobs: 2) }
                    done.raise()
                }
                // The others get their first events while the tables are switched.
                var round = 0
                while !done.isRaised {
                    let index = min(round / 4, 2)
                    try await bench.append(clinics[index].work(events: 7), to: logs[index])
                    round += 1
                    // A clinic, not a flood: the rebuilds must come to their ends on two cores.
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await group.waitForAll()
                for (clinic, log) in zip(clinics, logs) {
                    for projection in allProjections {
                        try await bench.ledger.waitForProjection(projection, of: log, position: clinic.position, limit: .seconds(60))
                    }
                }
                live.cancel()
                try await live.value
            }
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live, "a clean run against rebuilt and live together")
            #expect(try await leftovers(bench).isEmpty)
        }
    }

    /// A clinic whose first event comes between the switch's look at the logs and its end.
    @Test func aClinicThatIsBornDuringTheSwitchIsNotLost() async throws {
        try await Workbench.open { bench in
            var (old, new) = (RandomClinic(seed: 49), RandomClinic(seed: 50))
            try await bench.append(old.work(events: 100))
            try await bench.projector.catchUp()
            let stop = Stop(after: 1)
            await #expect(throws: CancellationError.self) {
                try await rebuild(bench, [PatientChart.self], jobs: 1, chunkEvents: 20, progress: stop.report, task: stop)
            }
            // The switch visits every clinic's new checkpoint: it is held up there.
            let holder = try await TestDatabase.current.connect()
            try await holder.script("BEGIN; SELECT FROM projections.checkpoints WHERE generation = 'next' FOR UPDATE")
            let switching = Task { try await rebuild(bench, [PatientChart.self], jobs: 1, chunkEvents: 20) }
            try await bench.until { try await waiting(bench) == 1 }
            try await bench.append(new.work(events: 50), to: Workbench.juniper)
            let done = Flag()
            let live = Task {
                defer { done.raise() }
                try await bench.projector.catchUp()
            }
            try await bench.until {
                if done.isRaised { return true }
                return try await waiting(bench) == 2
            }
            await holder.close()
            try await switching.value
            try await live.value
            let tables = try await bench.tables()
            #expect(tables.rows["patient_chart.patients"]?.contains { $0.contains("juniper") } == true)
            try await bench.cleanRun().expectEqual(tables)
        }
    }

    private func waiting(_ bench: Workbench) async throws -> Int {
        try await bench.superuser.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1 AND datname = current_database()",
            [Workbench.projectorName]
        ).count
    }

    @Test func aSecondRebuildIsRefused() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 45)
            try await bench.append(clinic.work(events: 100))
            try await bench.projector.catchUp()
            // Another process is at it.
            try await bench.superuser.execute("SELECT pg_advisory_lock($1)", [AdvisoryLock.rebuilding("compliance")])
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.rebuild(["compliance"]) }
            #expect("\(try #require(error))" == "The projection compliance is being rebuilt by another process; wait for it, or stop it.")
            // The others are free.
            try await bench.projector.rebuild(["patient_chart"])
            try await bench.superuser.execute("SELECT pg_advisory_unlock_all()")
            try await bench.projector.rebuild(["compliance"])
        }
    }

    @Test func aNameThatIsNoneIsRefusedBeforeAnythingIsDone() async throws {
        try await Workbench.open { bench in
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.rebuild(["compliance", "charts"]) }
            #expect(
                "\(try #require(error))".contains(
                    "There is no projection 'charts'; there are \(allProjections.map { $0.name }.sorted().joined(separator: ", "))."))
            let rows = try await bench.superuser.query("SELECT FROM pg_namespace WHERE nspname = 'projections'")
            #expect(rows.isEmpty)
        }
    }

    @Test func anEmptyDatabaseIsRebuiltToEmptyTables() async throws {
        try await Workbench.open { bench in
            let reports = Mutex<[RebuildProgress]>([])
            try await bench.projector.rebuild { report in reports.withLock { $0.append(report) } }
            #expect(try await bench.tables().count == 0)
            #expect(reports.withLock(\.self).allSatisfy { $0.events == 0 && $0.total == 0 && $0.secondsLeft == nil })
        }
    }

    @Test(arguments: [1, 3]) func progressRisesToTheTotal(jobs: Int) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 46)
            try await bench.append(clinic.work(events: 300))
            let reports = Mutex<[RebuildProgress]>([])
            try await rebuild(bench, jobs: jobs, chunkEvents: 20) { report in reports.withLock { $0.append(report) } }
            for projection in allProjections {
                let mine = reports.withLock { $0.filter { $0.names == [projection.name] } }
                #expect(mine.first?.events == 0)
                #expect(mine.map(\.events) == mine.map(\.events).sorted())
                #expect(mine.last?.events == mine.last?.total)
                #expect(mine.allSatisfy { $0.resumedAt == 0 && $0.total == mine.last?.total })
                // At the start, and after each chunk; nothing of the access log is in this clinic.
                #expect(mine.count >= (projection.logs.contains(.record) ? 2 : 1))
                let counted = try await bench.superuser.query(
                    "SELECT count(*) FROM dripline.events WHERE split_part(stream, '/', 1) = ANY ($1)",
                    [projection.streams.map(\.rawValue)]
                ).first?.value(0, as: Int64.self)
                #expect(mine.last?.total == counted)
            }
        }
    }

    /// Keys and indexes are made after the rows; none may be lost or come out otherwise.
    @Test func theNewTablesHaveTheKeysAndIndexesOfTheOld() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 57)
            try await bench.append(clinic.work(events: 200))
            try await bench.projector.catchUp()
            let before = try await indexes(bench)
            #expect(before.count > 30)
            try await bench.projector.rebuild(jobs: 2)
            #expect(try await indexes(bench) == before)
            try await bench.projector.rebuild(["compliance"], jobs: 1)
            #expect(try await indexes(bench) == before)
            let left = try await bench.superuser.query(
                "SELECT name FROM projections.rebuild_indexes UNION SELECT name FROM projections.rebuild_chunks")
            #expect(left.isEmpty)
        }
    }

    private func indexes(_ bench: Workbench) async throws -> [String] {
        try await bench.superuser.query(
            """
            SELECT i.indexdef || coalesce(' ' || pg_get_constraintdef(c.oid), '') FROM pg_indexes i LEFT JOIN pg_constraint c \
            ON c.conindid = format('%I.%I', i.schemaname, i.indexname)::regclass AND c.contype IN ('p', 'u') \
            WHERE i.schemaname = ANY ($1) ORDER BY 1
            """, [allProjections.map { $0.name }]
        ).map { try $0.value(0, as: String.self) }
    }

    /// All are brought by one reading of the log, and are what each would have become alone.
    @Test func togetherTheyBecomeWhatEachBecomesAlone() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 58, maximumPatients: 12)
            try await bench.append(clinic.work(events: 500))
            let reports = Mutex<[RebuildProgress]>([])
            try await Rebuild(bench.projector, allProjections, jobs: 2, chunkEvents: 40) { report in
                reports.withLock { $0.append(report) }
            }.run()
            let together = try await bench.tables()
            let seen = reports.withLock(\.self)
            let last = try #require(seen.last)
            #expect(last.names == allProjections.map { $0.name } && last.events == clinic.position && last.total == clinic.position)
            try await rebuild(bench, jobs: 1, chunkEvents: 70)
            try await bench.tables().expectEqual(together, "alone against together")
            try await bench.cleanRun().expectEqual(together, "a clean run")
        }
    }

    /// Memory is bounded by the chunk: about so many events, and no more than so many histories at once.
    @Test func chunksAreBoundedAndCutNoStream() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 47, maximumPatients: 12)
            try await bench.append(clinic.work(events: 400))
            let stopped = Stop(after: 1)
            await #expect(throws: CancellationError.self) {
                try await rebuild(bench, [Compliance.self], jobs: 1, chunkEvents: 60, progress: stopped.report, task: stopped)
            }
            let chunks = try await bench.superuser.query(
                """
                SELECT c.events, (SELECT count(*) FROM dripline.events e WHERE e.stream = ANY (c.streams)), \
                (SELECT max(n) FROM (SELECT count(*) AS n FROM dripline.events e GROUP BY e.stream) s) \
                FROM projections.rebuild_chunks c ORDER BY c.number
                """)
            #expect(chunks.count > 4)
            var sum: Int64 = 0
            for row in chunks {
                let (planned, counted, longest) = try row.decode(Int64.self, Int64.self, Int64.self)
                #expect(planned == counted)
                #expect(planned < 60 + longest)
                sum += planned
            }
            #expect(sum == clinic.position)
            #expect(StreamPages.maximumStreams == 128)
        }
    }

    /// A reader of the tables of two rebuilds ago holds up nobody but the next rebuild's last step.
    @Test func aLongReaderKeepsItsRowsAndDoesNotStopTheClinic() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 48)
            try await bench.append(clinic.work(events: 100))
            try await bench.projector.catchUp()
            let reader = try await TestDatabase.current.connect()
            try await reader.script("BEGIN ISOLATION LEVEL REPEATABLE READ")
            let count = "SELECT count(*) FROM patient_chart.sessions"
            let before = try await reader.query(count).first?.value(0, as: Int64.self)
            try await bench.projector.rebuild(["patient_chart"])
            #expect(try await leftovers(bench) == ["patient_chart_old"])
            let rebuild = Task { try await bench.projector.rebuild(["patient_chart"]) }
            // It waits for the reader, without holding anything that appends, projecting or reading need.
            try await bench.until {
                try await !bench.superuser.query(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%DROP SCHEMA%' AND datname = current_database()"
                ).isEmpty
            }
            try await bench.append(clinic.work(events: 20))
            try await bench.projector.catchUp()
            #expect(try await bench.tables().count > 0)
            await reader.close()
            try await rebuild.value
            #expect((before ?? 0) > 0)
            #expect(try await leftovers(bench).isEmpty)
        }
    }
}

/// Rebuilds with chunks of another size.
func rebuild(
    _ bench: Workbench, _ projections: [any Projection.Type] = allProjections, jobs: Int, chunkEvents: Int,
    progress: (@Sendable (RebuildProgress) -> Void)? = nil
) async throws {
    for projection in projections {
        try await Rebuild(bench.projector, projection, jobs: jobs, chunkEvents: chunkEvents, progress: progress).run()
    }
}

/// What a rebuild leaves behind when it is stopped, or when a reader is slow.
func leftovers(_ bench: Workbench) async throws -> [String] {
    try await bench.superuser.query(
        "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE '%\\_next' OR nspname LIKE '%\\_old' ORDER BY 1"
    ).map { try $0.value(0, as: String.self) }
}

/// Cancels a rebuild's task once so many chunks are done.
final class Stop: Sendable {
    private let state: Mutex<(left: Int, task: Task<Void, any Error>?)>

    init(after chunks: Int) { state = Mutex((chunks, nil)) }

    @Sendable func report(_ progress: RebuildProgress) {
        state.withLock { state in
            guard progress.events > progress.resumedAt else { return }
            state.left -= 1
            if state.left <= 0 { state.task?.cancel() }
        }
    }

    func watch(_ task: Task<Void, any Error>) { state.withLock { $0.task = task } }
}

/// As `rebuild`, in a task that `stop` ends.
func rebuild(
    _ bench: Workbench, _ projections: [any Projection.Type], jobs: Int, chunkEvents: Int,
    progress: @escaping @Sendable (RebuildProgress) -> Void, task stop: Stop
) async throws {
    let gate = Flag()
    let task = Task {
        while !gate.isRaised { await Task.yield() }
        try await rebuild(bench, projections, jobs: jobs, chunkEvents: chunkEvents, progress: progress)
    }
    stop.watch(task)
    gate.raise()
    try await task.value
}

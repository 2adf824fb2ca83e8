import Clinic
import Ledger
import Logging
import Postgres
import Synchronization

/// Rebuilds projections beside the tables that serve, from one reading of the log, and switches to the new ones in one transaction.
///
/// 1. The streams of the logs that they follow are cut into chunks of about equal weight, which are written down: that is all a killed rebuild needs to
///    go on.
/// 2. Workers take chunk after chunk: read the streams' events up to where the logs ended at the start, fold them for each projection, COPY.
///    Memory holds one chunk a worker, whatever the log's size. The new tables have no keys and indexes yet. While much is recorded, one worker goes on
///    and the others stand aside (``Courtesy``).
/// 3. Workers make the keys and indexes.
/// 4. What was recorded meanwhile is folded in by the same steps that the live projector takes.
/// 5. The switch keeps live steps out, folds in the last few events, renames the schemas, makes the views for reports anew. Readers see the old
///    tables or the new.
struct Rebuild: Sendable {
    let projector: Projector
    /// In the order of `allProjections`, in which locks are taken.
    let projections: [any Projection.Type]
    let jobs: Int
    let progress: (@Sendable (RebuildProgress) -> Void)?
    private let plan: RebuildPlan

    init(
        _ projector: Projector, _ projections: [any Projection.Type], jobs: Int, chunkEvents: Int = 4000,
        progress: (@Sendable (RebuildProgress) -> Void)?
    ) {
        self.projector = projector
        self.projections = projections
        self.jobs = max(1, jobs)
        self.progress = progress
        plan = RebuildPlan(projections: projections, chunkEvents: max(1, chunkEvents))
    }

    init(
        _ projector: Projector, _ projection: any Projection.Type, jobs: Int, chunkEvents: Int = 4000,
        progress: (@Sendable (RebuildProgress) -> Void)?
    ) {
        self.init(projector, [projection], jobs: jobs, chunkEvents: chunkEvents, progress: progress)
    }

    func run() async throws {
        try await projector.withConnection { connection in
            try await Projector.prepare(connection)
            try await claim(on: connection)
            let plan = plan
            let logs = try await connection.transaction { connection in try plan.begin(on: connection) }
            let counter = try await counter(on: connection)
            counter.tick(0)
            try await withWorkers { courtesy, connection in
                try await fill(logs, counter: counter, &courtesy, on: connection)
            }
            try await withWorkers { courtesy, connection in
                repeat {
                    try await courtesy.wait(
                        while: "SELECT FROM projections.rebuild_indexes WHERE name = ANY ($1) LIMIT 1", [projections.map { $0.name }],
                        on: connection)
                } while try await makeIndex(on: connection)
            }
            while try await catchUp(on: connection) > Projecting.maximumEvents / 2 {}
            try await dropOld(on: connection, limit: nil)
            while try await !switchOver(on: connection) { try await Task.sleep(for: Projector.retryInterval) }
            try await dropOld(on: connection, limit: .seconds(5))
        }
    }

    private func withWorkers(_ work: @escaping @Sendable (inout Courtesy, Connection) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<jobs {
                group.addTask {
                    try await projector.withConnection { connection in
                        var courtesy = Courtesy(worker: worker)
                        try await work(&courtesy, connection)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Takes the locks that one rebuild of these projections holds, until its connection ends. One that was killed a moment ago may still hold them.
    private func claim(on connection: Connection) async throws {
        try await connection.script("SET lock_timeout = '2s'")
        for projection in projections {
            do {
                try await connection.execute("SELECT pg_advisory_lock($1)", [AdvisoryLock.rebuilding(projection.name)])
            } catch let error as PostgresError where error.sqlState == "55P03" {
                throw ProjectionError.rebuildRunning(projection.name)
            }
        }
        try await connection.script("RESET lock_timeout")
    }

    private func counter(on connection: Connection) async throws -> RebuildCounter {
        let row = try await connection.query(
            """
            SELECT coalesce(sum(events) FILTER (WHERE done), 0)::bigint, coalesce(sum(events), 0)::bigint \
            FROM projections.rebuild_chunks WHERE name = $1
            """, [plan.name]
        ).first
        let (done, all) = try row?.decode(Int64.self, Int64.self) ?? (Int64(0), Int64(0))
        return RebuildCounter(names: projections.map { $0.name }, resumedAt: done, total: all, report: progress)
    }

    /// What was recorded since the rebuild began.
    /// - Returns: how many events were folded in, of the projection that had most.
    private func catchUp(on connection: Connection) async throws -> Int {
        var most = 0
        for projection in projections {
            let pass = try await projector.pass(projection, .next, on: connection)
            if let failure = pass.failures.first { throw failure.error }
            most = max(most, pass.events)
        }
        return most
    }

    // MARK: Workers

    private func fill(
        _ logs: [String: PlannedLogs], counter: RebuildCounter, _ courtesy: inout Courtesy, on connection: Connection
    ) async throws {
        var loader: DossierLoader?
        while true {
            try await courtesy.wait(
                while: "SELECT FROM projections.rebuild_chunks WHERE name = $1 AND NOT done LIMIT 1", [plan.name], on: connection)
            guard let chunk = try await fillNextChunk(logs, loader, on: connection) else { return }
            try Task.checkCancellation()
            if chunk.events > 0 { counter.tick(chunk.events) }
            loader = chunk.loader
        }
    }

    /// Takes a chunk that nobody else works on and folds it, in one transaction.
    /// - Parameter loader: the one of the last chunk, which knows its clinic.
    /// - Returns: the chunk's events and its loader; nil when every chunk is done.
    private func fillNextChunk(
        _ logs: [String: PlannedLogs], _ loader: DossierLoader?, on connection: Connection
    ) async throws -> (events: Int64, loader: DossierLoader?)? {
        try await connection.transaction { connection in
            // Rows and the mark that they are done come together, so what a crash of the server takes is done again. The switch waits for the disk.
            try connection.script("SET LOCAL synchronous_commit = off")
            let row = try connection.query(
                """
                UPDATE projections.rebuild_chunks SET done = true WHERE (name, clinic, log, number) = ( \
                    SELECT name, clinic, log, number FROM projections.rebuild_chunks WHERE name = $1 AND NOT done \
                    ORDER BY clinic, log, number LIMIT 1 FOR UPDATE SKIP LOCKED) \
                RETURNING clinic, log, streams, events
                """, [plan.name]
            ).first
            guard let row else {
                // Others are at work on the last ones, perhaps workers of a rebuild that was killed: what becomes of those counts.
                let others = try connection.query(
                    "SELECT number FROM projections.rebuild_chunks WHERE name = $1 AND NOT done LIMIT 1 FOR UPDATE", [plan.name])
                return others.isEmpty ? nil : (0, loader)
            }
            let (clinic, log, streams, events) = try row.decode(String.self, String.self, [String].self, Int64.self)
            guard let planned = logs[clinic], let log = LogName.Kind(rawValue: log), planned.logs.numbers[log] != nil else {
                return (events, loader)
            }
            var loader =
                try loader.flatMap { $0.clinic == clinic ? $0 : nil }
                ?? DossierLoader(projections, logs: planned.logs, upTo: planned.targets, on: connection)
            let loaded = try loader.load(streams, on: connection)
            for projection in projections {
                try Projecting(projection: projection, generation: .next).fold(loaded.dossiers(for: projection), on: connection)
            }
            return (events, loader)
        }
    }

    /// Makes one key or index that nobody else is making.
    /// - Returns: false when there is none left.
    private func makeIndex(on connection: Connection) async throws -> Bool {
        try await connection.transaction { connection in
            let names = projections.map { $0.name }
            let row = try connection.query(
                """
                DELETE FROM projections.rebuild_indexes WHERE (name, number) = ( \
                    SELECT name, number FROM projections.rebuild_indexes WHERE name = ANY ($1) ORDER BY number, name LIMIT 1 \
                    FOR UPDATE SKIP LOCKED) \
                RETURNING statement
                """, [names]
            ).first
            guard let row else {
                return try !connection.query(
                    "SELECT FROM projections.rebuild_indexes WHERE name = ANY ($1) LIMIT 1 FOR UPDATE", [names]
                ).isEmpty
            }
            try connection.script("SET LOCAL maintenance_work_mem = '\(Rebuild.indexMemory)'")
            try connection.script(try row.string(0))
            return true
        }
    }

    /// What the server may use to sort the rows of one index.
    private static let indexMemory = "128MB"

    // MARK: The switch

    /// The new tables take the old ones' place, and the views for reports with them.
    /// - Returns: false where a report is being read: then nothing was changed, and what was recorded meanwhile is folded in.
    private func switchOver(on connection: Connection) async throws -> Bool {
        do {
            try await trySwitch(on: connection)
            return true
        } catch let error as PostgresError where error.sqlState == "55P03" {
            projector.logger.notice("the switch waits for a report that is being read", metadata: ["projections": "\(plan.name)"])
            while try await catchUp(on: connection) > Projecting.maximumEvents / 2 {}
            return false
        }
    }

    private func trySwitch(on connection: Connection) async throws {
        let plan = plan
        try await connection.transaction { connection in
            try connection.script("SET LOCAL client_min_messages = warning")
            // From here until the switch is done the live projector's steps wait, and then go on from the new checkpoints. So no clinic, not even
            // one that gets its first event now, is written into tables that are about to go.
            for projection in projections {
                try connection.execute("SELECT version FROM projections.models WHERE name = $1 FOR UPDATE", [projection.name])
            }
            for projection in projections {
                let work = Projecting(projection: projection, generation: .next)
                for logs in try ClinicLogs.all(projection, on: connection) {
                    // A busy log is not chased to its end: what is left the live projector folds in.
                    while try work.step(logs, on: connection) >= Projecting.maximumEvents {}
                }
            }
            for projection in projections { try rename(projection, on: connection) }
            try plan.end(on: connection)
            // Replacing a view waits for whoever reads it; the live projector waits for us.
            try connection.script("SET LOCAL lock_timeout = '\(Projector.viewPatience.components.seconds)s'")
            for projection in projections { try Projector.makeViews(of: projection, on: connection) }
        }
    }

    private func rename(_ projection: any Projection.Type, on connection: isolated Connection) throws {
        let (name, next) = (projection.name, Generation.next.schema(of: projection.name))
        try connection.script(
            """
            ALTER SCHEMA \(name) RENAME TO \(name)_old;
            ALTER SCHEMA \(next) RENAME TO \(name);
            COMMENT ON SCHEMA \(name) IS NULL
            """)
        // Nobody has these rows: a step locks the read model's row before them.
        try connection.execute("DELETE FROM projections.checkpoints WHERE name = $1 AND generation = 'serving'", [name])
        try connection.execute(
            "UPDATE projections.checkpoints SET generation = 'serving', updated_at = clock_timestamp() WHERE name = $1", [name])
        try connection.execute(
            "UPDATE projections.models SET version = $2, built_at = clock_timestamp() WHERE name = $1",
            [name, Int32(projection.version)])
    }

    /// Drops the tables that served before, which waits for their last reader.
    /// - Parameter limit: how long; after it the next rebuild drops them. Nil: as long as it takes.
    private func dropOld(on connection: Connection, limit: Duration?) async throws {
        for projection in projections {
            do {
                try await connection.script(
                    """
                    SET client_min_messages = warning; SET lock_timeout = '\(limit?.components.seconds ?? 0)s';
                    DROP SCHEMA IF EXISTS \(projection.name)_old CASCADE
                    """)
            } catch let error as PostgresError where error.sqlState == "55P03" {
                projector.logger.notice("the old tables are still being read", metadata: ["projection": "\(projection.name)"])
            }
        }
        try await connection.script("RESET lock_timeout")
    }
}

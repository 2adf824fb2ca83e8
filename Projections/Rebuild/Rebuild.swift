import Clinic
import Ledger
import Logging
import Postgres
import Synchronization

/// Rebuilds one projection beside the tables that serve, and switches to the new ones in one transaction.
///
/// 1. The streams of the logs that it follows are cut into chunks of about equal size, which are written down: that is all a killed rebuild needs to go on.
/// 2. Workers take chunk after chunk: read the streams' events up to where the logs ended at the start, fold, COPY.
///    Memory holds one chunk a worker, whatever the log's size.
/// 3. What was recorded meanwhile is folded in by the same steps that the live projector takes.
/// 4. The switch keeps live steps out, folds in the last few events, renames the schemas, makes the views for reports anew. Readers see the old
///    tables or the new.
struct Rebuild: Sendable {
    let projector: Projector
    let projection: any Projection.Type
    let jobs: Int
    let progress: (@Sendable (RebuildProgress) -> Void)?

    /// About so many events in a chunk; a stream is never cut.
    let chunkEvents: Int

    init(
        _ projector: Projector, _ projection: any Projection.Type, jobs: Int, chunkEvents: Int = 4000,
        progress: (@Sendable (RebuildProgress) -> Void)?
    ) {
        self.projector = projector
        self.projection = projection
        self.jobs = max(1, jobs)
        self.chunkEvents = max(1, chunkEvents)
        self.progress = progress
    }

    func run() async throws {
        try await projector.withConnection { connection in
            try await Projector.prepare(connection)
            try await claim(on: connection)
            let logs = try await plan(on: connection)
            try await fill(logs, counter: try await counter(on: connection))
            while try await catchUp(on: connection) > Projecting.maximumEvents / 2 {}
            try await dropOld(on: connection, limit: nil)
            while try await !switchOver(on: connection) { try await Task.sleep(for: Projector.retryInterval) }
            try await dropOld(on: connection, limit: .seconds(5))
        }
    }

    /// Takes the lock that one rebuild of this projection holds, until its connection ends. One that was killed a moment ago may still hold it.
    private func claim(on connection: Connection) async throws {
        try await connection.script("SET lock_timeout = '2s'")
        do {
            try await connection.execute("SELECT pg_advisory_lock($1)", [AdvisoryLock.rebuilding(projection.name)])
        } catch let error as PostgresError where error.sqlState == "55P03" {
            throw ProjectionError.rebuildRunning(projection.name)
        }
        try await connection.script("RESET lock_timeout")
    }

    /// What was recorded since the rebuild began.
    /// - Returns: how many events were folded in.
    private func catchUp(on connection: Connection) async throws -> Int {
        let pass = try await projector.pass(projection, .next, on: connection)
        if let failure = pass.failures.first { throw failure.error }
        return pass.events
    }

    /// Starts a rebuild, or picks up one that was stopped. Gives the clinics' logs by clinic.
    private func plan(on connection: Connection) async throws -> [String: PlannedLogs] {
        let marker = "\(projection.name)_next is version \(projection.version)"
        return try await connection.transaction { connection in
            let schema = Generation.next.schema(of: projection.name)
            let found = try connection.query(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1", [schema]
            ).first?.value(0, as: String?.self)
            if found != marker {
                try connection.script("SET LOCAL client_min_messages = warning; DROP SCHEMA IF EXISTS \(schema) CASCADE")
                try connection.execute("DELETE FROM projections.rebuild_chunks WHERE name = $1", [projection.name])
                try connection.execute(
                    "DELETE FROM projections.checkpoints WHERE name = $1 AND generation = 'next'", [projection.name])
                try Projector.createTables(of: projection, .next, on: connection)
                try connection.script("COMMENT ON SCHEMA \(schema) IS '\(marker)'")
                try connection.execute(
                    """
                    INSERT INTO projections.checkpoints (name, generation, clinic, log, position) \
                    SELECT $1, 'next', clinic, log, size FROM dripline.logs WHERE log = ANY ($2)
                    """, [projection.name, projection.followedNames])
                for log in LogName.Kind.allCases { try planChunks(of: log, on: connection) }
            }
            let targets = try connection.query(
                "SELECT clinic, log, position FROM projections.checkpoints WHERE name = $1 AND generation = 'next'", [projection.name]
            ).reduce(into: [String: LogPositions]()) { targets, row in
                let (clinic, log, position) = try row.decode(String.self, String.self, Int64.self)
                if let log = LogName.Kind(rawValue: log) { targets[clinic, default: LogPositions()][log] = position }
            }
            return try ClinicLogs.all(projection, on: connection).reduce(into: [:]) { planned, logs in
                planned[logs.clinic] = targets[logs.clinic].map { PlannedLogs(logs: logs, targets: $0) }
            }
        }
    }

    /// A chunk is a range of the streams' index, so everything here is in its order: the column's own.
    private func planChunks(of log: LogName.Kind, on connection: isolated Connection) throws {
        let kinds = projection.streams(in: log)
        guard !kinds.isEmpty else { return }
        try connection.execute(
            """
            INSERT INTO projections.rebuild_chunks (name, clinic, log, number, first_stream, last_stream, events) \
            SELECT $1, s.clinic, $4, s.chunk, min(s.stream), max(s.stream), sum(s.events) FROM ( \
                SELECT l.clinic, e.stream, count(*) AS events, \
                    (sum(count(*)) OVER (PARTITION BY l.clinic ORDER BY e.stream) / $2)::integer AS chunk \
                FROM dripline.events e JOIN dripline.logs l USING (log_id) \
                JOIN projections.checkpoints c ON c.name = $1 AND c.generation = 'next' AND c.clinic = l.clinic AND c.log = l.log \
                WHERE l.log = $4 AND e.position <= c.position \
                    AND split_part(e.stream, '/', 1) = ANY ($3) GROUP BY l.clinic, e.stream \
            ) s GROUP BY s.clinic, s.chunk
            """,
            [projection.name, Int64(chunkEvents), kinds, log.rawValue])
    }

    private func counter(on connection: Connection) async throws -> RebuildCounter {
        let row = try await connection.query(
            """
            SELECT coalesce(sum(events) FILTER (WHERE done), 0)::bigint, coalesce(sum(events), 0)::bigint \
            FROM projections.rebuild_chunks WHERE name = $1
            """, [projection.name]
        ).first
        let (done, all) = try row?.decode(Int64.self, Int64.self) ?? (Int64(0), Int64(0))
        return RebuildCounter(name: projection.name, resumedAt: done, total: all, report: progress)
    }

    private func fill(_ logs: [String: PlannedLogs], counter: RebuildCounter) async throws {
        counter.tick(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask {
                    try await projector.withConnection { connection in
                        var loader: DossierLoader?
                        while let chunk = try await fillNextChunk(logs, loader, on: connection) {
                            try Task.checkCancellation()
                            if chunk.events > 0 { counter.tick(chunk.events) }
                            loader = chunk.loader
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Takes a chunk that nobody else works on and folds it, in one transaction.
    /// - Parameter loader: the one of the last chunk, which knows its clinic.
    /// - Returns: the chunk's events and its loader; nil when every chunk is done.
    private func fillNextChunk(
        _ logs: [String: PlannedLogs], _ loader: DossierLoader?, on connection: Connection
    ) async throws -> (events: Int64, loader: DossierLoader?)? {
        try await connection.transaction { connection in
            let row = try connection.query(
                """
                UPDATE projections.rebuild_chunks SET done = true WHERE (name, clinic, log, number) = ( \
                    SELECT name, clinic, log, number FROM projections.rebuild_chunks WHERE name = $1 AND NOT done \
                    ORDER BY clinic, log, number LIMIT 1 FOR UPDATE SKIP LOCKED) \
                RETURNING clinic, log, first_stream, last_stream, events
                """, [projection.name]
            ).first
            guard let row else {
                // Others are at work on the last ones, perhaps workers of a rebuild that was killed: what becomes of those counts.
                let others = try connection.query(
                    "SELECT number FROM projections.rebuild_chunks WHERE name = $1 AND NOT done LIMIT 1 FOR UPDATE", [projection.name])
                return others.isEmpty ? nil : (0, loader)
            }
            let (clinic, log, first, last, events) = try row.decode(String.self, String.self, String.self, String.self, Int64.self)
            guard let planned = logs[clinic], let log = LogName.Kind(rawValue: log), let number = planned.logs.numbers[log] else {
                return (events, loader)
            }
            var loader =
                try loader.flatMap { $0.clinic == clinic ? $0 : nil }
                ?? DossierLoader(projection: projection, logs: planned.logs, upTo: planned.targets, on: connection)
            // Every stream has a first event: one row a stream.
            let streams = try connection.query(
                """
                SELECT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.stream BETWEEN $2 AND $3 AND e.version = 1 \
                AND e.position <= $4 ORDER BY e.stream
                """, [number, first, last, planned.targets[log]]
            ).map { try $0.value(0, as: String.self) }.filter { projection.keeps($0) }
            let work = Projecting(projection: projection, generation: .next)
            for part in StreamPages.split(streams, for: projection) {
                try work.fold(try loader.dossiers(of: Array(part), on: connection), on: connection)
            }
            return (events, loader)
        }
    }

    /// The new tables take the old ones' place, and the views for reports with them.
    /// - Returns: false where a report is being read: then nothing was changed, and what was recorded meanwhile is folded in.
    private func switchOver(on connection: Connection) async throws -> Bool {
        do {
            try await trySwitch(on: connection)
            return true
        } catch let error as PostgresError where error.sqlState == "55P03" {
            projector.logger.notice("the switch waits for a report that is being read", metadata: ["projection": "\(projection.name)"])
            while try await catchUp(on: connection) > Projecting.maximumEvents / 2 {}
            return false
        }
    }

    private func trySwitch(on connection: Connection) async throws {
        let work = Projecting(projection: projection, generation: .next)
        let (name, next) = (projection.name, Generation.next.schema(of: projection.name))
        try await connection.transaction { connection in
            // From here until the switch is done the live projector's steps wait, and then go on from the new checkpoints. So no clinic, not even
            // one that gets its first event now, is written into tables that are about to go.
            try connection.execute("SELECT version FROM projections.models WHERE name = $1 FOR UPDATE", [name])
            for logs in try ClinicLogs.all(projection, on: connection) {
                // A busy log is not chased to its end: what is left the live projector folds in.
                while try work.step(logs, on: connection) >= Projecting.maximumEvents {}
            }
            try connection.script(
                """
                SET LOCAL client_min_messages = warning;
                ALTER SCHEMA \(name) RENAME TO \(name)_old;
                ALTER SCHEMA \(next) RENAME TO \(name);
                COMMENT ON SCHEMA \(name) IS NULL
                """)
            // Nobody has these rows: a step locks the read model's row before them.
            try connection.execute("DELETE FROM projections.checkpoints WHERE name = $1 AND generation = 'serving'", [name])
            try connection.execute(
                "UPDATE projections.checkpoints SET generation = 'serving', updated_at = clock_timestamp() WHERE name = $1", [name])
            try connection.execute("DELETE FROM projections.rebuild_chunks WHERE name = $1", [name])
            try connection.execute(
                "UPDATE projections.models SET version = $2, built_at = clock_timestamp() WHERE name = $1",
                [name, Int32(projection.version)])
            // Replacing a view waits for whoever reads it; the live projector waits for us.
            try connection.script("SET LOCAL lock_timeout = '\(Projector.viewPatience.components.seconds)s'")
            try Projector.makeViews(of: projection, on: connection)
        }
    }

    /// Drops the tables that served before, which waits for their last reader.
    /// - Parameter limit: how long; after it the next rebuild drops them. Nil: as long as it takes.
    private func dropOld(on connection: Connection, limit: Duration?) async throws {
        do {
            try await connection.script(
                """
                SET client_min_messages = warning; SET lock_timeout = '\(limit?.components.seconds ?? 0)s';
                DROP SCHEMA IF EXISTS \(projection.name)_old CASCADE
                """)
        } catch let error as PostgresError where error.sqlState == "55P03" {
            projector.logger.notice("the old tables are still being read", metadata: ["projection": "\(projection.name)"])
        }
        try await connection.script("RESET lock_timeout")
    }
}

/// A clinic's logs as a rebuild found them.
struct PlannedLogs: Sendable {
    let logs: ClinicLogs
    /// Chunks are folded up to these positions; what comes later is folded in by steps.
    let targets: LogPositions
}

import Clinic
import Ledger
import Logging
import Postgres
import Synchronization

/// Rebuilds one projection beside the tables that serve, and switches to the new ones in one transaction.
///
/// 1. The log's streams are cut into chunks of about equal size, which are written down: that is all a killed rebuild needs to go on.
/// 2. Workers take chunk after chunk: read the streams' events up to the position where the log ended at the start, fold, COPY.
///    Memory holds one chunk a worker, whatever the log's size.
/// 3. What was recorded meanwhile is folded in by the same steps that the live projector takes.
/// 4. The switch locks the serving checkpoints, folds in the last few events, renames the schemas. Readers see the old tables or the new.
struct Rebuild: Sendable {
    let projector: Projector
    let projection: any Projection.Type
    let jobs: Int
    let progress: (@Sendable (RebuildProgress) -> Void)?

    /// About so many events in a chunk; a stream is never cut.
    static let chunkEvents = 4000

    init(_ projector: Projector, _ projection: any Projection.Type, jobs: Int, progress: (@Sendable (RebuildProgress) -> Void)?) {
        self.projector = projector
        self.projection = projection
        self.jobs = max(1, jobs)
        self.progress = progress
    }

    func run() async throws {
        try await projector.withConnection { connection in
            try await Projector.prepare(connection)
            let lock = AdvisoryLock.rebuilding(projection.name)
            guard try await connection.query("SELECT pg_try_advisory_lock($1)", [lock]).first?.value(0, as: Bool.self) == true else {
                throw ProjectionError.rebuildRunning(projection.name)
            }
            let logs = try await plan(on: connection)
            try await fill(logs, counter: try await counter(on: connection))
            while try await projector.pass(projection, .next, on: connection) > Projecting.maximumEvents / 2 {}
            try await switchOver(on: connection)
            try await dropOld(on: connection)
        }
    }

    /// Starts a rebuild, or picks up one that was stopped. Gives the logs by clinic.
    private func plan(on connection: Connection) async throws -> [String: PlannedLog] {
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
                    INSERT INTO projections.checkpoints (name, generation, clinic, position) \
                    SELECT $1, 'next', clinic, size FROM dripline.logs WHERE log = 'record'
                    """, [projection.name])
                // One pass over the index by stream; a chunk is a range of its order.
                try connection.execute(
                    """
                    INSERT INTO projections.rebuild_chunks (name, clinic, number, first_stream, last_stream, events) \
                    SELECT $1, s.clinic, s.chunk, min(s.stream COLLATE "C"), max(s.stream COLLATE "C"), sum(s.events) FROM ( \
                        SELECT l.clinic, e.stream, count(*) AS events, \
                            (sum(count(*)) OVER (PARTITION BY l.clinic ORDER BY e.stream COLLATE "C") / $2)::integer AS chunk \
                        FROM dripline.events e JOIN dripline.logs l USING (log_id) \
                        JOIN projections.checkpoints c ON c.name = $1 AND c.generation = 'next' AND c.clinic = l.clinic \
                        WHERE l.log = 'record' AND e.position <= c.position \
                            AND split_part(e.stream, '/', 1) = ANY ($3) GROUP BY l.clinic, e.stream \
                    ) s GROUP BY s.clinic, s.chunk
                    """,
                    [projection.name, Int64(Rebuild.chunkEvents), projection.streams.map(\.rawValue).sorted()])
            }
            let sql = """
                SELECT l.clinic, l.log_id, c.position FROM dripline.logs l \
                JOIN projections.checkpoints c ON c.name = $1 AND c.generation = 'next' AND c.clinic = l.clinic WHERE l.log = 'record'
                """
            return try connection.query(sql, [projection.name]).reduce(into: [:]) { logs, row in
                let (clinic, number, target) = try row.decode(String.self, Int32.self, Int64.self)
                logs[clinic] = PlannedLog(number: number, target: target)
            }
        }
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

    private func fill(_ logs: [String: PlannedLog], counter: RebuildCounter) async throws {
        counter.tick(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask {
                    try await projector.withConnection { connection in
                        while let events = try await fillNextChunk(logs, on: connection) {
                            try Task.checkCancellation()
                            counter.tick(events)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Takes a chunk that nobody else works on and folds it, in one transaction.
    /// - Returns: its events; nil when none is left.
    private func fillNextChunk(_ logs: [String: PlannedLog], on connection: Connection) async throws -> Int64? {
        try await connection.transaction { connection in
            let row = try connection.query(
                """
                UPDATE projections.rebuild_chunks SET done = true WHERE (name, clinic, number) = ( \
                    SELECT name, clinic, number FROM projections.rebuild_chunks WHERE name = $1 AND NOT done \
                    ORDER BY clinic, number LIMIT 1 FOR UPDATE SKIP LOCKED) \
                RETURNING clinic, first_stream, last_stream, events
                """, [projection.name]
            ).first
            guard let row else { return nil }
            let (clinic, first, last, events) = try row.decode(String.self, String.self, String.self, Int64.self)
            guard let log = logs[clinic] else { return events }
            let streams = try connection.query(
                """
                SELECT DISTINCT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.position <= $4 \
                AND e.stream >= $2 COLLATE "C" AND e.stream <= $3 COLLATE "C" ORDER BY e.stream
                """, [log.number, first, last, log.target]
            ).map { try $0.value(0, as: String.self) }
            let loader = DossierLoader(projection: projection, clinic: clinic, number: log.number, upTo: log.target)
            let work = Projecting(projection: projection, generation: .next)
            for start in stride(from: 0, to: streams.count, by: Projecting.maximumStreams) {
                let part = Array(streams[start..<min(start + Projecting.maximumStreams, streams.count)])
                try work.fold(try loader.dossiers(of: part, on: connection).dossiers, on: connection)
            }
            return events
        }
    }

    /// The new tables take the old ones' place.
    private func switchOver(on connection: Connection) async throws {
        let work = Projecting(projection: projection, generation: .next)
        let (name, next) = (projection.name, Generation.next.schema(of: projection.name))
        try await connection.transaction { connection in
            // The live projector's steps wait here until the switch is done, and then go on from the new checkpoints.
            try connection.execute("SELECT FROM projections.checkpoints WHERE name = $1 AND generation = 'serving' FOR UPDATE", [name])
            let logs = try connection.query("SELECT clinic, log_id FROM dripline.logs WHERE log = 'record'")
            for row in logs {
                let (clinic, number) = try row.decode(String.self, Int32.self)
                guard let log = LogName(clinic: clinic) else { continue }
                while try work.step(log, number: number, on: connection) > 0 {}
            }
            try connection.script(
                """
                SET LOCAL client_min_messages = warning;
                DROP SCHEMA IF EXISTS \(name)_old CASCADE;
                ALTER SCHEMA \(name) RENAME TO \(name)_old;
                ALTER SCHEMA \(next) RENAME TO \(name);
                COMMENT ON SCHEMA \(name) IS NULL
                """)
            try connection.execute(
                """
                INSERT INTO projections.checkpoints (name, generation, clinic, position) \
                SELECT name, 'serving', clinic, position FROM projections.checkpoints WHERE name = $1 AND generation = 'next' \
                ON CONFLICT (name, generation, clinic) DO UPDATE SET position = excluded.position, updated_at = clock_timestamp()
                """, [name])
            try connection.execute("DELETE FROM projections.checkpoints WHERE name = $1 AND generation = 'next'", [name])
            try connection.execute("DELETE FROM projections.rebuild_chunks WHERE name = $1", [name])
            try connection.execute(
                "UPDATE projections.models SET version = $2, built_at = clock_timestamp() WHERE name = $1",
                [name, Int32(projection.version)])
        }
    }

    /// The old tables go when their last reader is done; where one takes long, the next rebuild drops them.
    private func dropOld(on connection: Connection) async throws {
        do {
            try await connection.script(
                "SET client_min_messages = warning; SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS \(projection.name)_old CASCADE")
        } catch let error as PostgresError where error.sqlState == "55P03" {
            projector.logger.notice("the old tables are still being read", metadata: ["projection": "\(projection.name)"])
        }
    }
}

/// A log as a rebuild found it.
struct PlannedLog: Sendable {
    let number: Int32
    /// Chunks are folded up to this position; what comes later is folded in by steps.
    let target: Int64
}

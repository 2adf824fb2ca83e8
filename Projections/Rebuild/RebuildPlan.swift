import Ledger
import Postgres

/// What a rebuild has to do, as it is written down: that is all a killed rebuild needs to go on.
struct RebuildPlan: Sendable {
    let projections: [any Projection.Type]
    /// About so many events in a chunk; a stream is never cut.
    let chunkEvents: Int

    /// What the bookkeeping knows the rebuild by.
    var name: String { projections.map { $0.name }.joined(separator: ",") }

    /// Says of a schema what it is being filled with. Another program's, or that of another set of read models, is thrown away.
    private func marker(_ projection: any Projection.Type) -> String {
        "\(projection.name)_next is version \(projection.version), rebuilt with \(name)"
    }

    /// Starts a rebuild, or picks up one that was stopped. Gives the clinics' logs by clinic.
    func begin(on connection: isolated Connection) throws -> [String: PlannedLogs] {
        if try !isUnderWay(on: connection) {
            try connection.script("SET LOCAL client_min_messages = warning")
            // One who plans read models that another rebuild was to bring takes them out of its hands.
            for projection in projections { try discard(projection, on: connection) }
            try connection.execute(
                """
                INSERT INTO projections.checkpoints (name, generation, clinic, log, position) \
                SELECT f.name, 'next', l.clinic, l.log, l.size FROM dripline.logs l \
                JOIN unnest($1::text[], $2::text[]) AS f (name, log) ON f.log = l.log
                """, [projections.flatMap { p in p.followedNames.map { _ in p.name } }, projections.flatMap { $0.followedNames }])
            for projection in projections {
                try Projector.createTables(of: projection, .next, on: connection)
                try strip(projection, on: connection)
                try connection.script("COMMENT ON SCHEMA \(Generation.next.schema(of: projection.name)) IS '\(marker(projection))'")
            }
            for log in LogName.Kind.allCases { try planChunks(of: log, on: connection) }
        }
        return try logs(on: connection)
    }

    private func isUnderWay(on connection: isolated Connection) throws -> Bool {
        for projection in projections {
            let found = try connection.query(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1",
                [Generation.next.schema(of: projection.name)]
            ).first?.value(0, as: String?.self)
            guard found == marker(projection) else { return false }
        }
        return true
    }

    private func discard(_ projection: any Projection.Type, on connection: isolated Connection) throws {
        try connection.script("DROP SCHEMA IF EXISTS \(Generation.next.schema(of: projection.name)) CASCADE")
        try connection.execute(
            "DELETE FROM projections.rebuild_chunks WHERE $1 = ANY (string_to_array(name, ','))", [projection.name])
        try connection.execute("DELETE FROM projections.rebuild_indexes WHERE name = $1", [projection.name])
        try connection.execute("DELETE FROM projections.checkpoints WHERE name = $1 AND generation = 'next'", [projection.name])
    }

    /// Takes the keys and indexes off the new tables and writes down how to make them again: they are made once the rows are there, which
    /// costs a third of keeping them row by row.
    private func strip(_ projection: any Projection.Type, on connection: isolated Connection) throws {
        let schema = Generation.next.schema(of: projection.name)
        let keys = try connection.query(
            """
            SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint \
            WHERE connamespace = $1::regnamespace AND contype IN ('p', 'u') ORDER BY conrelid::regclass::text, conname
            """, [schema]
        ).map { try $0.decode(String.self, String.self, String.self) }
        for (table, key, _) in keys { try connection.script("ALTER TABLE \(table) DROP CONSTRAINT \(key)") }
        let indexes = try connection.query(
            "SELECT format('%I.%I', schemaname, indexname), indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY indexname", [schema]
        ).map { try $0.decode(String.self, String.self) }
        for (index, _) in indexes { try connection.script("DROP INDEX \(index)") }
        let statements = keys.map { "ALTER TABLE \($0) ADD CONSTRAINT \($1) \($2)" } + indexes.map { $1 }
        try connection.execute(
            """
            INSERT INTO projections.rebuild_indexes (name, number, statement) \
            SELECT $1, u.number, u.statement FROM unnest($2::text[]) WITH ORDINALITY AS u (statement, number)
            """, [projection.name, statements])
    }

    /// Streams that are folded together stand together: a patient with their sessions, then vials in the order of use, so that a session which two
    /// of them were drawn for is read once. What a vial brings along counts as part of its weight.
    private func planChunks(of log: LogName.Kind, on connection: isolated Connection) throws {
        let kinds = Set(projections.flatMap { $0.streams(in: log) }).sorted()
        guard !kinds.isEmpty else { return }
        let numbers = try connection.query("SELECT log_id FROM dripline.logs WHERE log = $1", [log.rawValue]).map {
            try $0.value(0, as: Int32.self)
        }
        // Patients that bring their sessions are heavy where those are not in the same chunk anyway.
        let bringing = projections.contains { $0.context.contains(.patientSessions) } && !kinds.contains("session")
        // The server cannot tell how many streams come out of the parts of this statement, and must not go through one for each row of another.
        try connection.script("SET LOCAL enable_nestloop = off")
        try connection.execute(
            """
            INSERT INTO projections.rebuild_chunks (name, clinic, log, number, streams, events) \
            WITH counted AS MATERIALIZED ( \
                SELECT e.log_id, e.stream, max(e.version) AS events FROM dripline.events e WHERE e.log_id = ANY ($6) GROUP BY e.log_id, e.stream \
            ), concerned AS MATERIALIZED ( \
                SELECT e.log_id, e.stream, e.subject FROM dripline.events e WHERE e.log_id = ANY ($6) AND e.subject IS NOT NULL \
            ), owners AS ( \
                SELECT log_id, stream, min(subject) AS owner FROM concerned \
                WHERE starts_with(stream, 'session/') AND starts_with(subject, 'patient/') GROUP BY log_id, stream \
            ), brought AS ( \
                SELECT log_id, stream, count(*) AS sessions FROM ( \
                    SELECT log_id, subject AS stream, stream AS session FROM concerned \
                    WHERE starts_with(subject, 'vial/') OR $5 AND starts_with(subject, 'patient/') \
                    UNION SELECT log_id, stream, subject FROM concerned WHERE starts_with(stream, 'vial/') \
                ) b GROUP BY log_id, stream \
            ), placed AS ( \
                SELECT l.clinic, c.stream, c.events, c.events + 100 * coalesce(b.sessions, 0) AS weight, \
                    starts_with(c.stream, 'vial/') AS last, coalesce(o.owner, c.stream) AS owner, \
                    CASE WHEN starts_with(c.stream, 'vial/') THEN ( \
                        SELECT f.position FROM dripline.events f WHERE f.log_id = c.log_id AND f.stream = c.stream AND f.version = 1) END AS position \
                FROM counted c JOIN dripline.logs l USING (log_id) \
                LEFT JOIN owners o ON o.log_id = c.log_id AND o.stream = c.stream \
                LEFT JOIN brought b ON b.log_id = c.log_id AND b.stream = c.stream \
                WHERE split_part(c.stream, '/', 1) = ANY ($3) \
            ), cut AS ( \
                SELECT *, row_number() OVER way AS place, (sum(weight) OVER way / $2)::integer AS chunk \
                FROM placed WINDOW way AS ( \
                    PARTITION BY clinic ORDER BY last, CASE WHEN last THEN NULL ELSE owner END, position, stream \
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) \
            ) \
            SELECT $1, clinic, $4, chunk, array_agg(stream ORDER BY place), sum(events) FROM cut GROUP BY clinic, chunk
            """,
            [name, Int64(chunkEvents), kinds, log.rawValue, bringing, numbers])
        try connection.script("RESET enable_nestloop")
    }

    private func logs(on connection: isolated Connection) throws -> [String: PlannedLogs] {
        let targets = try connection.query(
            "SELECT clinic, log, min(position) FROM projections.checkpoints WHERE name = ANY ($1) AND generation = 'next' GROUP BY clinic, log",
            [projections.map { $0.name }]
        ).reduce(into: [String: LogPositions]()) { targets, row in
            let (clinic, log, position) = try row.decode(String.self, String.self, Int64.self)
            if let log = LogName.Kind(rawValue: log) { targets[clinic, default: LogPositions()][log] = position }
        }
        return try ClinicLogs.all(projections, on: connection).reduce(into: [:]) { planned, logs in
            planned[logs.clinic] = targets[logs.clinic].map { PlannedLogs(logs: logs, targets: $0) }
        }
    }

    /// Takes the plan away: what it was for is done.
    func end(on connection: isolated Connection) throws {
        try connection.execute("DELETE FROM projections.rebuild_chunks WHERE name = $1", [name])
        try connection.execute("DELETE FROM projections.rebuild_indexes WHERE name = ANY ($1)", [projections.map { $0.name }])
    }
}

/// A clinic's logs as a rebuild found them.
struct PlannedLogs: Sendable {
    let logs: ClinicLogs
    /// Chunks are folded up to these positions; what comes later is folded in by steps.
    let targets: LogPositions
}

import Canonical
import Clinic
import Ledger
import Postgres

/// One projection's work on one generation of its tables. Everything here runs on the connection's own thread, in its transaction.
struct Projecting: Sendable {
    let projection: any Projection.Type
    let generation: Generation
    /// What the live projector read before.
    var warm: WarmHistories?

    /// Events of each log that one transaction looks at.
    static let maximumEvents = 2000

    /// Folds the next stretch of a clinic's logs: rows and checkpoints in one transaction, so that each event counts exactly once in the tables
    /// however often it is delivered. The tables are a function of the checkpoints: what the rows of a stream hold depends on how far each log was
    /// folded, and not on the steps in which that was done.
    /// - Returns: how many events it looked at; 0 when the tables are up to date.
    func step(_ logs: ClinicLogs, on connection: isolated Connection) throws -> Int {
        if generation == .serving { try enterServing(on: connection) }
        let positions = try lockCheckpoints(clinic: logs.clinic, on: connection)
        let change = try Change(after: positions, limit: Projecting.maximumEvents, logs: logs, on: connection)
        guard change.events > 0 else { return 0 }
        var loader = try DossierLoader([projection], logs: logs, upTo: change.upTo, warm: warm, on: connection)
        var affected = try change.affected(projection, logs: logs, on: connection)
        if let asOf = loader.asOf(projection) {
            affected = try Set(affected).union(due(by: asOf, clinic: logs.clinic, on: connection)).sorted()
        }
        for streams in StreamPages.split(affected, for: projection).map(Array.init) {
            try remove(streams, clinic: logs.clinic, on: connection)
            try fold(try loader.dossiers(of: streams, for: projection, on: connection), on: connection)
        }
        try connection.execute(
            """
            UPDATE projections.checkpoints c SET position = u.position, updated_at = clock_timestamp() \
            FROM unnest($4::text[], $5::bigint[]) AS u (log, position) \
            WHERE c.name = $1 AND c.generation = $2 AND c.clinic = $3 AND c.log = u.log
            """,
            [
                projection.name, generation.rawValue, logs.clinic, logs.kinds.map(\.rawValue), logs.kinds.map { change.upTo[$0] },
            ])
        return change.events
    }

    /// Takes the rows of every log that the projection follows, in one order: they are the fence. Another projector waits here, and then reads what
    /// was written.
    private func lockCheckpoints(clinic: String, on connection: isolated Connection) throws -> LogPositions {
        try connection.execute(
            """
            INSERT INTO projections.checkpoints (name, generation, clinic, log) \
            SELECT $1, $2, $3, k FROM unnest($4::text[]) AS u (k) ORDER BY k ON CONFLICT DO NOTHING
            """,
            [projection.name, generation.rawValue, clinic, projection.followedNames])
        let rows = try connection.query(
            """
            SELECT log, position FROM projections.checkpoints \
            WHERE name = $1 AND generation = $2 AND clinic = $3 AND log = ANY ($4) ORDER BY log FOR UPDATE
            """,
            [projection.name, generation.rawValue, clinic, projection.followedNames])
        return try rows.reduce(into: LogPositions()) { positions, row in
            let (log, position) = try row.decode(String.self, Int64.self)
            if let kind = LogName.Kind(rawValue: log) { positions[kind] = position }
        }
    }

    /// The streams whose rows are to be looked at again by now, though nothing happened to them.
    private func due(by asOf: Timestamp, clinic: String, on connection: isolated Connection) throws -> [String] {
        guard let deadline = projection.deadline else { return [] }
        let table = "\(generation.schema(of: projection.name)).\(deadline.table)"
        return try connection.query(
            "SELECT DISTINCT stream FROM \(table) WHERE clinic = $1 AND \(deadline.column) <= $2",
            [clinic, SQLTimestamp(microseconds: asOf.microseconds)]
        ).map { try $0.value(0, as: String.self) }
    }

    /// Keeps a rebuild from switching the tables until this transaction ends, and waits here while one does. Only the version of the tables that
    /// this program knows may be written: after a switch they may be another's.
    private func enterServing(on connection: isolated Connection) throws {
        let row = try connection.query("SELECT version FROM projections.models WHERE name = $1 FOR SHARE", [projection.name]).first
        let installed = try row.map { Int(try $0.value(0, as: Int32.self)) }
        guard let installed, installed != projection.version else { return }
        throw ProjectionError.outdated(projection.name, installed: installed, known: projection.version)
    }

    /// Folds dossiers and writes their rows. Their former rows must be gone.
    func fold(_ dossiers: [Dossier], on connection: isolated Connection) throws {
        var sink = RowSink(projection.tables, encodes: true)
        for dossier in dossiers {
            sink.open(dossier)
            try projection.rows(of: dossier, into: &sink)
        }
        for (table, rows) in zip(projection.tables, sink.encoded) where !rows.isEmpty {
            let columns = ["clinic", "stream"] + table.columns
            let sql = "COPY \(name(of: table)) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
            _ = try connection.copyIn(sql, columns: columns.count) { try $0.rows(rows) }
        }
    }

    private func remove(_ streams: [String], clinic: String, on connection: isolated Connection) throws {
        for table in projection.tables {
            try connection.execute("DELETE FROM \(name(of: table)) WHERE clinic = $1 AND stream = ANY ($2)", [clinic, streams])
        }
    }

    private func name(of table: ProjectionTable) -> String { "\(generation.schema(of: projection.name)).\(table.name)" }
}

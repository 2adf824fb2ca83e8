import Clinic
import Ledger
import Postgres

/// One projection's work on one generation of its tables. Everything here runs on the connection's own thread, in its transaction.
struct Projecting: Sendable {
    let projection: any Projection.Type
    let generation: Generation

    /// Events of the log that one transaction looks at; streams whose histories are in memory at once.
    static let maximumEvents = 2000
    static let maximumStreams = 128

    /// Folds the next stretch of a clinic's log: rows and checkpoint in one transaction, so that each event counts exactly once in the tables
    /// however often it is delivered.
    /// - Returns: how many events it looked at; 0 when the tables are up to date.
    func step(_ log: LogName, number: Int32, on connection: isolated Connection) throws -> Int {
        if generation == .serving { try enterServing(on: connection) }
        try connection.execute(
            "INSERT INTO projections.checkpoints (name, generation, clinic) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [projection.name, generation.rawValue, log.clinic])
        // The row is the fence: another projector waits here, and then reads what was written.
        let row = try connection.query(
            "SELECT position FROM projections.checkpoints WHERE name = $1 AND generation = $2 AND clinic = $3 FOR UPDATE",
            [projection.name, generation.rawValue, log.clinic]
        ).first
        let position = try row?.value(0, as: Int64.self) ?? 0
        let change = try Change(after: position, limit: Projecting.maximumEvents, number: number, on: connection)
        guard let last = change.last else { return 0 }
        let affected = try change.affected(projection, upTo: last, number: number, on: connection)
        var loader = DossierLoader(projection: projection, clinic: log.clinic, number: number, upTo: last)
        for start in stride(from: 0, to: affected.count, by: Projecting.maximumStreams) {
            let streams = Array(affected[start..<min(start + Projecting.maximumStreams, affected.count)])
            try remove(streams, clinic: log.clinic, on: connection)
            try fold(try loader.dossiers(of: streams, on: connection), on: connection)
        }
        try connection.execute(
            """
            UPDATE projections.checkpoints SET position = $4, updated_at = clock_timestamp() \
            WHERE name = $1 AND generation = $2 AND clinic = $3
            """,
            [projection.name, generation.rawValue, log.clinic, last])
        return change.events
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
        var sink = RowSink(projection.tables)
        for dossier in dossiers {
            sink.open(dossier)
            try projection.rows(of: dossier, into: &sink)
        }
        for (table, rows) in zip(projection.tables, sink.rows) where !rows.isEmpty {
            let columns = ["clinic", "stream"] + table.columns
            let sql = "COPY \(name(of: table)) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
            _ = try connection.copyIn(sql, columns: columns.count) { writer in
                for row in rows { for value in row { try writer.field(any: value) } }
            }
        }
    }

    private func remove(_ streams: [String], clinic: String, on connection: isolated Connection) throws {
        for table in projection.tables {
            try connection.execute("DELETE FROM \(name(of: table)) WHERE clinic = $1 AND stream = ANY ($2)", [clinic, streams])
        }
    }

    private func name(of table: ProjectionTable) -> String { "\(generation.schema(of: projection.name)).\(table.name)" }
}

extension CopyWriter {
    mutating func field(any value: (any SQLValue)?) throws {
        guard let value else { return try field(String?.none) }
        try field(value)
    }
}

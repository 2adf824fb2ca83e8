import Clinic
import Ledger
import Postgres

/// Compares one read model of one clinic with the log. Runs on the connection's own thread, in one transaction with one snapshot.
struct ReadModelVerifier: Sendable {
    let projection: any Projection.Type
    let logs: ClinicLogs
    let progress: (@Sendable (String, Int) -> Void)?

    func run(_ result: inout ReadModelVerification, on connection: isolated Connection) throws {
        guard try isThere(&result, on: connection), let tables = try comparedTables(&result, on: connection) else { return }
        let positions = try positions(&result, on: connection)
        result.compared.append(projection.name)
        var loader = try DossierLoader([projection], logs: logs, upTo: positions, on: connection)
        for kind in [LogName.Kind.record, .access] where !projection.streams(in: kind).isEmpty {
            guard let number = logs.numbers[kind] else { continue }
            var after = ""
            while true {
                let names = try streams(kind, number, after: after, upTo: positions[kind], on: connection)
                for page in StreamPages.split(names, for: projection) {
                    try compare(Array(page), tables, &loader, &result, on: connection)
                    result.streams += page.count
                    progress?(projection.name, result.streams)
                }
                guard names.count == StreamPages.maximumStreams, let last = names.last else { break }
                after = last
            }
        }
        for table in tables { try table.findStrangers(logs, positions, projection, &result, on: connection) }
    }

    /// A switch of the tables renames schemas: from then on the names lead to tables whose rows this snapshot does not see.
    func areTablesOfSnapshot(on connection: isolated Connection) throws -> Bool {
        // The catalogue is read by the snapshot, names are looked up as of now.
        let sql = """
            SELECT coalesce(bool_and(c.oid IS NOT DISTINCT FROM to_regclass(format('%I.%I', n.nspname, c.relname))::oid), true) \
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'
            """
        return try connection.query(sql, [projection.name]).first?.value(0, as: Bool.self) ?? true
    }

    /// Whether there is a read model of this program's version; what speaks against it is found.
    private func isThere(_ result: inout ReadModelVerification, on connection: isolated Connection) throws -> Bool {
        func exists(_ name: String) throws -> Bool {
            try connection.query("SELECT to_regclass($1) IS NOT NULL", [name]).first?.value(0, as: Bool.self) ?? false
        }
        let hasBookkeeping = try exists("projections.models")
        let installed = hasBookkeeping ? try Projector.installedVersion(of: projection, on: connection) : nil
        guard let installed else {
            // No projector has run yet; but then nobody can have made the tables.
            if try projection.tables.contains(where: { try exists("\(projection.name).\($0.name)") }) {
                result.found(.init(projection.name, what: "its tables are there, and the bookkeeping does not know of them"))
            }
            return false
        }
        guard installed == projection.version else {
            let way = installed < projection.version ? "run `dripline rebuild \(projection.name)`" : "a newer Dripline made them"
            result.found(
                .init(
                    projection.name,
                    what: "not compared: its tables are of version \(installed), this program's are \(projection.version); \(way)"))
            return false
        }
        return true
    }

    /// Nil where a table is not as this program makes it.
    private func comparedTables(_ result: inout ReadModelVerification, on connection: isolated Connection) throws -> [ComparedTable]? {
        var tables: [ComparedTable] = []
        for (index, table) in projection.tables.enumerated() {
            do {
                tables.append(try ComparedTable(projection.name, table, index, on: connection))
            } catch let fault as ComparedTable.Fault {
                result.found(.init(projection.name, table: table.name, column: fault.column, what: fault.what))
            }
        }
        return tables.count == projection.tables.count ? tables : nil
    }

    private func positions(_ result: inout ReadModelVerification, on connection: isolated Connection) throws -> LogPositions {
        let rows = try connection.query(
            """
            SELECT c.log, c.position, coalesce(l.size, 0) FROM projections.checkpoints c \
            LEFT JOIN dripline.logs l ON l.clinic = c.clinic AND l.log = c.log \
            WHERE c.name = $1 AND c.generation = 'serving' AND c.clinic = $2
            """, [projection.name, logs.clinic])
        var positions = LogPositions()
        for row in rows {
            let (log, position, size) = try row.decode(String.self, Int64.self, Int64.self)
            guard let kind = LogName.Kind(rawValue: log), projection.followed.contains(kind) else { continue }
            positions[kind] = min(position, size)
            guard position > size else { continue }
            let what = "it says that it stands at position \(position) of the \(log) log, which ends at \(size)"
            result.found(.init(projection.name, what: what))
        }
        return positions
    }

    private func streams(
        _ kind: LogName.Kind, _ number: Int32, after: String, upTo last: Int64, on connection: isolated Connection
    ) throws -> [String] {
        // Every stream has a first event: one row a stream.
        try connection.query(
            """
            SELECT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.stream > $2 AND e.version = 1 AND e.position <= $3 \
            AND split_part(e.stream, '/', 1) = ANY ($4) ORDER BY e.stream LIMIT $5
            """, [number, after, last, projection.streams(in: kind), Int64(StreamPages.maximumStreams)]
        ).map { try $0.value(0, as: String.self) }
    }

    private func compare(
        _ streams: [String], _ tables: [ComparedTable], _ loader: inout DossierLoader, _ result: inout ReadModelVerification,
        on connection: isolated Connection
    ) throws {
        do {
            var sink = RowSink(projection.tables)
            for dossier in try loader.dossiers(of: streams, for: projection, on: connection) {
                sink.open(dossier)
                try projection.rows(of: dossier, into: &sink)
            }
            for table in tables { try table.compare(sink.rows[table.index], of: streams, logs.clinic, &result, on: connection) }
        } catch let error as ProjectionError {
            guard streams.count > 1 else {
                // Its events cannot be read, so nothing can be said of its rows; `verify` says of the log what is wrong.
                return result.found(.init(projection.name, stream: streams.first, what: "not compared: \(error)"))
            }
            for stream in streams { try compare([stream], tables, &loader, &result, on: connection) }
        }
    }
}

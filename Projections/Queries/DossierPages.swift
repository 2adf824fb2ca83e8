public import Canonical
public import Clinic
public import Ledger
import Postgres

/// The dossiers of a clinic within bounds, page by page: what a projection's fold would see, so that whatever is folded from them is what the read
/// model held when its checkpoints stood there. Memory holds one page: at most 128 streams, or 8 vials with their sessions.
///
/// The order is that of the streams' names in the database, record before access: sort what you show. The bounds are fixed when the value is made:
/// what is appended while it is read is not in it.
public struct DossierPages: AsyncSequence, Sendable {
    public typealias Element = [Dossier]

    /// The last position of the record within the bounds; 0 where there is none, or the projection doesn't follow that log.
    public var record: Int64 { resolved?.positions.record ?? 0 }
    /// The same of the access log.
    public var access: Int64 { resolved?.positions.access ?? 0 }
    /// The time at which all of this is known: when the last event up to the positions asked for was recorded, in whichever log; no later than the
    /// bounds in time. Nil for a clinic without events.
    public var asOf: Timestamp? { resolved?.asOf }

    let ledger: Ledger
    let projection: any Projection.Type
    let resolved: ResolvedAsOf?
    /// Nil: all that the projection keeps.
    let streams: [String]?

    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    public struct Iterator: AsyncIteratorProtocol {
        private let pages: DossierPages
        private var loader: DossierLoader?
        /// Names that are known and not loaded yet.
        private var waiting: [ArraySlice<String>] = []
        /// Logs whose names are still to be read, and the last name that was.
        private var logs: [LogName.Kind] = []
        private var after = ""

        init(_ pages: DossierPages) {
            self.pages = pages
            guard let resolved = pages.resolved else { return }
            loader = DossierLoader(
                projection: pages.projection, logs: resolved.logs, upTo: resolved.positions, bounds: History.Bounds(at: resolved.at),
                asOf: resolved.asOf)
            if let streams = pages.streams {
                waiting = StreamPages.split(streams, for: pages.projection)
            } else {
                logs = [.record, .access].filter { !pages.projection.streams(in: $0).isEmpty && resolved.logs.numbers[$0] != nil }
            }
        }

        /// - Throws: `LedgerError`; `ProjectionError.unreadable` for an event that this program cannot read.
        public mutating func next() async throws -> [Dossier]? {
            while true {
                while waiting.isEmpty, let log = logs.first { try await readNames(of: log) }
                guard !waiting.isEmpty, let before = loader else { return nil }
                let (page, projection) = (Array(waiting.removeFirst()), pages.projection)
                let (found, after) = try await pages.ledger.read { connection in
                    var loader = before
                    let found = try await connection.transaction(.init(readOnly: true)) { connection in
                        var loader = before
                        return (try loader.dossiers(of: page, for: projection, on: connection), loader)
                    }
                    loader = found.1
                    return (found.0, loader)
                }
                loader = after
                if !found.isEmpty { return found }
            }
        }

        private mutating func readNames(of log: LogName.Kind) async throws {
            guard let resolved = pages.resolved, let number = resolved.logs.numbers[log] else { return }
            let (end, kinds, last) = (resolved.positions[log], pages.projection.streams(in: log), after)
            // Every stream has a first event: one row a stream.
            let names = try await pages.ledger.read { connection in
                try await connection.query(
                    """
                    SELECT e.stream FROM dripline.events e WHERE e.log_id = $1 AND e.stream > $2 AND e.version = 1 AND e.position <= $3 \
                    AND split_part(e.stream, '/', 1) = ANY ($4) ORDER BY e.stream LIMIT $5
                    """, [number, last, end, kinds, Int64(StreamPages.maximumStreams)]
                ).map { try $0.value(0, as: String.self) }
            }
            waiting = StreamPages.split(names, for: pages.projection)
            after = names.last ?? ""
            if names.count < StreamPages.maximumStreams {
                logs.removeFirst()
                after = ""
            }
        }
    }
}

extension Ledger {
    /// What a projection's fold sees of a clinic within bounds, from the log alone.
    /// - Parameter streams: which; all that the projection keeps rows for where nil. One without an event within the bounds has no dossier.
    /// - Returns: no page for a clinic that nothing was ever recorded of.
    public func dossiers(
        for projection: any Projection.Type, of clinic: String, _ streams: [StreamID]? = nil, asOf bounds: AsOf = AsOf()
    ) async throws -> DossierPages {
        var numbers: [LogName.Kind: Int32] = [:]
        for kind in projection.followed {
            guard let log = LogName(clinic: clinic, kind: kind) else { continue }
            numbers[kind] = try await number(of: log)
        }
        let logs = ClinicLogs(clinic: clinic, numbers: numbers)
        let resolved = try await read { connection in
            try await connection.transaction(.init(readOnly: true)) { connection in try ResolvedAsOf(bounds, logs: logs, on: connection) }
        }
        let names = streams.map { $0.map(\.description).filter { projection.keeps($0) } }
        return DossierPages(ledger: self, projection: projection, resolved: numbers.isEmpty ? nil : resolved, streams: names)
    }

    /// One stream's dossier within bounds; nil where it has no event within them.
    public func dossier(
        for projection: any Projection.Type, of clinic: String, _ stream: StreamID, asOf bounds: AsOf = AsOf()
    ) async throws -> Dossier? {
        for try await page in try await dossiers(for: projection, of: clinic, [stream], asOf: bounds) { return page.first }
        return nil
    }
}

import Postgres

extension Ledger {
    /// How far behind the log something is.
    public struct Lag: Sendable, Hashable {
        public let log: LogName
        /// Events that are missing.
        public let events: Int64
        /// Seconds since the oldest of them was recorded; 0 where none is missing.
        public let seconds: Double

        public init(log: LogName, events: Int64, seconds: Double) {
            self.log = log
            self.events = events
            self.seconds = seconds
        }
    }

    /// What no signed checkpoint covers yet, for each log.
    public func sealLag() async throws -> [Lag] {
        let sql = """
            SELECT l.clinic, l.log, l.size - s.size, \
            coalesce(extract(epoch FROM clock_timestamp() - e.recorded_at), 0)::float8 \
            FROM dripline.logs l CROSS JOIN LATERAL ( \
                SELECT coalesce((SELECT c.size FROM dripline.checkpoints c WHERE c.log_id = l.log_id ORDER BY c.size DESC LIMIT 1), 0)) s (size) \
            LEFT JOIN dripline.events e ON e.log_id = l.log_id AND e.position = s.size + 1
            """
        return try await read { try await $0.query(sql) }.compactMap { row in
            let (clinic, kind, events, seconds) = try row.decode(String.self, String.self, Int64.self, Double.self)
            guard let kind = LogName.Kind(rawValue: kind), let log = LogName(clinic: clinic, kind: kind) else { return nil }
            return Lag(log: log, events: events, seconds: max(0, seconds))
        }
    }

    /// Connections open or being opened, their limit, and who waits for one.
    public var poolUse: (connections: Int, limit: Int, waiters: Int) {
        let (connections, waiters) = pool.occupancy
        return (connections, pool.limit, waiters)
    }

    /// Commands that wait for the next commit, over all logs.
    public func waitingCommands() async -> Int {
        var count = 0
        for sequencer in allSequencers { count += await sequencer.waitingCount }
        return count
    }
}

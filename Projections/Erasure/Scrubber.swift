public import Logging
public import Postgres

/// Rewrites the files of the database, so that nothing of what was erased is left between the rows that stay.
///
/// PostgreSQL marks a row's old version dead and gives its room back, but wipes neither: the bytes stand in the files until others are written over
/// them. So the tables that held clinical content are written anew, the planner's samples of them too, and then the write-ahead log's old segments go.
/// Each table is locked while it is rewritten: do it in a quiet hour.
public struct Scrubber: Sendable {
    private let settings: ConnectionSettings
    private let logger: Logger

    /// How long it waits for transactions that may still read what was erased.
    static let patience: Duration = .seconds(60)

    /// - Parameter settings: a superuser's, or a login's that is a member of `dripline_owner` and `dripline_projector`.
    public init(_ settings: ConnectionSettings, logger: Logger) {
        self.settings = settings.setting(statementTimeoutMilliseconds: 0)
        self.logger = logger
    }

    /// What was done, and what this login could not do.
    public struct Report: Sendable, Hashable {
        public internal(set) var tables: [String] = []
        public internal(set) var segmentsRemoved = 0
        /// What is left to an administrator, each a sentence.
        public internal(set) var leftOver: [String] = []
    }

    /// - Throws: `ScrubError`, `PostgresError`
    public func scrub(progress: (@Sendable (String) -> Void)? = nil) async throws -> Report {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            let report = try await scrub(on: connection, progress: progress)
            await connection.close()
            return report
        } catch {
            await connection.close()
            throw error
        }
    }

    private func scrub(on connection: Connection, progress: (@Sendable (String) -> Void)?) async throws -> Report {
        var report = Report()
        let isSuperuser = try await connection.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").first?.value(
            0, as: Bool.self)
        try await waitForReaders(on: connection)
        let tables = try await connection.query(
            """
            SELECT c.oid::regclass::text, pg_has_role(c.relowner, 'USAGE') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind = 'r' AND (c.oid = 'dripline.events'::regclass OR n.nspname = ANY ($1)) ORDER BY n.nspname, c.relname
            """, [allProjections.map { $0.name }])
        for row in tables {
            let (table, isAllowed) = try row.decode(String.self, Bool.self)
            guard isAllowed else {
                report.leftOver.append("VACUUM (FULL, ANALYZE) \(table) takes its owner or a superuser.")
                continue
            }
            progress?(table)
            try await connection.script("VACUUM (FULL, ANALYZE) \(table)")
            report.tables.append(table)
        }
        guard isSuperuser == true else {
            report.leftOver.append(
                "The planner's samples (VACUUM FULL pg_statistic) and the write-ahead log (pg_switch_wal, CHECKPOINT) take a superuser.")
            return report
        }
        progress?("pg_statistic")
        try await connection.script("VACUUM FULL pg_catalog.pg_statistic")
        report.tables.append("pg_statistic")
        progress?("write-ahead log")
        report.segmentsRemoved = try await dropSegments(on: connection)
        let archiving = try await connection.query("SELECT current_setting('archive_mode') <> 'off'").first?.value(0, as: Bool.self)
        let slots = try await connection.query("SELECT count(*) FROM pg_replication_slots").first?.value(0, as: Int64.self) ?? 0
        if archiving == true { report.leftOver.append("Archived write-ahead log holds what was erased until it is deleted there.") }
        if slots > 0 {
            report.leftOver.append(
                "Replicas are scrubbed by replaying; what their slots hold back of the write-ahead log stays until then.")
        }
        return report
    }

    /// A rewrite keeps what an older transaction may still see.
    private func waitForReaders(on connection: Connection) async throws {
        let started = try await connection.query("SELECT clock_timestamp()").first?.value(0, as: SQLTimestamp.self)
        let clock = ContinuousClock()
        let deadline = clock.now + Scrubber.patience
        while true {
            let older =
                try await connection.query(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                    AND backend_xmin IS NOT NULL AND xact_start <= $1
                    """, [started]
                ).first?.value(0, as: Int64.self) ?? 0
            if older == 0 { return }
            guard clock.now < deadline else { throw ScrubError.readers(Int(older)) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Walks through the segments that were kept for reuse, which overwrites them, and lets a checkpoint remove what lies behind.
    private func dropSegments(on connection: Connection) async throws -> Int {
        let count = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
        let before = try await connection.query(count).first?.value(0, as: Int64.self) ?? 0
        try await connection.script("ALTER SYSTEM SET wal_recycle = off")
        do {
            try await connection.script("SELECT pg_reload_conf()")
            for _ in 0...before {
                try await connection.script("SELECT pg_logical_emit_message(false, 'dripline', ''); SELECT pg_switch_wal()")
            }
            // Twice: a checkpoint keeps the segments since the one before it.
            try await connection.script("CHECKPOINT")
            try await connection.script("SELECT pg_logical_emit_message(false, 'dripline', '')")
            try await connection.script("CHECKPOINT")
        } catch {
            try? await connection.script("ALTER SYSTEM RESET wal_recycle")
            throw error
        }
        try await connection.script("ALTER SYSTEM RESET wal_recycle")
        try await connection.script("SELECT pg_reload_conf()")
        return Int(before)
    }
}

/// Why the files could not be rewritten.
public enum ScrubError: Error, Sendable, Hashable, CustomStringConvertible {
    case readers(Int)

    public var description: String {
        switch self {
        case .readers(let count):
            "\(count == 1 ? "A transaction" : "\(count) transactions") that may still read what was erased did not end within a minute; "
                + "end it, and run `dripline scrub` again. What was erased is gone from every table already."
        }
    }
}

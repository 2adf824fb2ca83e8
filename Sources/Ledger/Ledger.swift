import Canonical
import Foundation
public import Logging
public import Postgres
import Synchronization

/// The logs of one database: append, read, follow, verify. Knows nothing of medicine.
public final class Ledger: Sendable {
    /// Connections as `dripline_service`: they may read the log and call `append`, nothing more.
    let pool: Pool
    let logger: Logger
    let announcer: Announcer
    /// Who waits for a checkpoint, and what tells them of one.
    let checkpoints: CheckpointWatch
    /// The number of each log that was seen, which never changes.
    private let numbers = Mutex<[LogName: Int32]>([:])
    let combiner = Combiner()
    private let sequencers = Mutex<[LogName: Sequencer]>([:])
    private let watching = Mutex<LedgerObserver?>(nil)
    private let watchers = Mutex<[(stream: String, changed: @Sendable () -> Void)]>([])
    /// Set once it is being closed: then nothing is sent again that failed.
    private let closing = Atomic(false)

    /// How many connections it opens at most.
    public static let connectionLimit = 8

    /// Milliseconds that one statement may take; a statement that is stuck must not hold a clinic's head row. `verify` lifts it for itself.
    public static let statementTimeout = 60_000

    /// - Parameter settings: where the database is; the login must be a member of `dripline_service`.
    public init(_ settings: ConnectionSettings, logger: Logger) {
        let settings = Self.settings(settings)
        pool = Pool(settings: settings, limit: Ledger.connectionLimit, maximumWaiters: 4096, waitLimit: .seconds(30), logger: logger)
        announcer = Announcer(settings: settings, logger: logger)
        checkpoints = CheckpointWatch(settings, pool: pool, logger: logger)
        self.logger = logger
    }

    /// Those of its connections. Plans are kept with their statements, perhaps from when the log was empty: it is only ever read by its indexes.
    static func settings(_ settings: ConnectionSettings) -> ConnectionSettings {
        settings.setting(role: "dripline_service").setting(statementTimeoutMilliseconds: Ledger.statementTimeout)
            .setting(option: "enable_seqscan", to: "off")
    }

    /// Finishes the appends that are under way and closes the connections.
    /// - Parameter limit: after that time statements that still run are cut off; who waits for an append learns that its outcome is unknown.
    public func close(within limit: Duration = .seconds(30)) async {
        closing.store(true, ordering: .relaxed)
        let cut = Task {
            try await Task.sleep(for: limit)
            logger.error(
                "appends are still under way after the time to stop, cutting them off", metadata: ["seconds": "\(limit.components.seconds)"]
            )
            await pool.close(cut: true)
        }
        for sequencer in allSequencers { await sequencer.close() }
        cut.cancel()
        await announcer.close()
        await checkpoints.close()
        await pool.close()
    }

    var isClosing: Bool { closing.load(ordering: .relaxed) }

    var allSequencers: [Sequencer] { sequencers.withLock { Array($0.values) } }

    /// Who is told of appends; nil for nobody.
    public var observer: LedgerObserver? {
        get { watching.withLock { $0 } }
        set { watching.withLock { $0 = newValue } }
    }

    /// Calls `changed` after each append of this process onto a stream of this name, of any clinic, before the append is answered.
    public func watch(stream: String, changed: @escaping @Sendable () -> Void) {
        watchers.withLock { $0.append((stream, changed)) }
    }

    func tellWatchers(of commands: [AppendCommand]) {
        for (stream, changed) in watchers.withLock({ $0 }) where commands.contains(where: { $0.events.contains { $0.stream == stream } }) {
            changed()
        }
    }

    /// Where appends to this log queue up, to go down together.
    public func sequencer(for log: LogName) -> Sequencer {
        sequencers.withLock { sequencers in
            if let known = sequencers[log] { return known }
            let new = Sequencer(log: log, ledger: self)
            sequencers[log] = new
            return new
        }
    }

    /// The log's number in this database, or nil where nothing was ever appended to it.
    public func number(of log: LogName) async throws -> Int32? {
        if let known = numbers.withLock({ $0[log] }) { return known }
        let row = try await perform { connection in
            try await connection.query(
                "SELECT log_id FROM dripline.logs WHERE clinic = $1 AND log = $2", [log.clinic, log.kind.rawValue]
            ).first
        }
        guard let number = try row?.decode(Int32.self) else { return nil }
        numbers.withLock { $0[log] = number }
        return number
    }

    /// Runs `body` with a connection of the pool, turning the server's errors into the log's.
    func perform<T: Sendable>(_ body: @Sendable (Connection) async throws -> T) async throws -> T {
        do {
            return try await pool.withConnection(body)
        } catch let error as PostgresError {
            throw LedgerError(error)
        } catch let error as PoolError where error == .busy {
            throw LedgerError.unreachable(error.description)
        }
    }
}

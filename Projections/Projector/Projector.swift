import Clinic
public import Ledger
public import Logging
public import Postgres
public import ServiceLifecycle

/// Keeps the read models up to date with the log. Several processes may run one: each projection is held by one of them at a time,
/// and when that one goes away another takes over.
public struct Projector: Service {
    let settings: ConnectionSettings
    let ledger: Ledger
    let logger: Logger

    /// How long a projector that does not hold a projection, or met an error, waits before it tries again.
    static let retryInterval: Duration = .seconds(1)

    /// - Parameter settings: where the database is; the login must be a member of `dripline_projector`.
    public init(_ settings: ConnectionSettings, ledger: Ledger, logger: Logger) {
        self.settings = settings.setting(role: "dripline_projector").setting(statementTimeoutMilliseconds: 0)
        self.ledger = ledger
        self.logger = logger
    }

    /// Follows the log until the task is cancelled or the service is asked to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for projection in allProjections { group.addTask { await follow(projection) } }
            }
        }
    }

    /// Creates what is missing, brings every projection up to the log's present end, and returns.
    public func catchUp() async throws {
        try await withConnection { connection in
            try await Projector.prepare(connection)
            for projection in allProjections {
                try await refuseOutdated(projection, on: connection)
                // Whoever else projects it at this moment shares the work through the checkpoint's row lock.
                while try await pass(projection, .serving, on: connection) > 0 {}
            }
        }
    }

    func withConnection<T: Sendable>(_ body: (Connection) async throws -> T) async throws -> T {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    private func follow(_ projection: any Projection.Type) async {
        while !Task.isCancelled {
            do {
                try await withConnection { try await hold(projection, on: $0) }
            } catch is CancellationError {
                return
            } catch {
                logger.error("projecting was interrupted", metadata: ["projection": "\(projection.name)", "error": "\(error)"])
            }
            try? await Task.sleep(for: Projector.retryInterval)
        }
    }

    /// Waits for the projection's lock and then projects until cancelled, or until the connection and with it the lock is lost.
    private func hold(_ projection: any Projection.Type, on connection: Connection) async throws {
        try await Projector.prepare(connection)
        let lock = AdvisoryLock.projecting(projection.name)
        while try await connection.query("SELECT pg_try_advisory_lock($1)", [lock]).first?.value(0, as: Bool.self) != true {
            try await Task.sleep(for: Projector.retryInterval)
        }
        if case .outdated(let installed) = try await state(of: projection, on: connection) {
            logger.notice("rebuilding an outdated projection", metadata: ["projection": "\(projection.name)", "installed": "\(installed)"])
            try await Rebuild(self, projection, jobs: 1, progress: nil).run()
        }
        logger.debug("projecting", metadata: ["projection": "\(projection.name)"])
        while !Task.isCancelled {
            let mark = await ledger.growth()
            if try await pass(projection, .serving, on: connection) == 0 { await ledger.waitForGrowth(since: mark) }
        }
    }

    /// One transaction for each clinic that has something new.
    /// - Returns: how many events were folded in.
    func pass(_ projection: any Projection.Type, _ generation: Generation, on connection: Connection) async throws -> Int {
        let work = Projecting(projection: projection, generation: generation)
        var events = 0
        for behind in try await behind(projection, generation, on: connection) {
            events += try await connection.transaction { connection in
                try work.step(behind.log, number: behind.number, on: connection)
            }
        }
        return events
    }

    /// The clinical logs with events beyond the projection's checkpoint.
    private func behind(
        _ projection: any Projection.Type, _ generation: Generation, on connection: Connection
    ) async throws -> [(log: LogName, number: Int32)] {
        let sql = """
            SELECT l.clinic, l.log_id FROM dripline.logs l \
            LEFT JOIN projections.checkpoints c ON c.name = $1 AND c.generation = $2 AND c.clinic = l.clinic \
            WHERE l.log = 'record' AND l.size > coalesce(c.position, 0) ORDER BY l.log_id
            """
        return try await connection.query(sql, [projection.name, generation.rawValue]).compactMap { row in
            let (clinic, number) = try row.decode(String.self, Int32.self)
            return LogName(clinic: clinic).map { ($0, number) }
        }
    }

    private enum TableState {
        case current
        case outdated(Int)
    }

    private func state(of projection: any Projection.Type, on connection: Connection) async throws -> TableState {
        let installed = try await Projector.installedVersion(of: projection, on: connection)
        guard let installed, installed != projection.version else { return .current }
        return .outdated(installed)
    }

    func refuseOutdated(_ projection: any Projection.Type, on connection: Connection) async throws {
        if case .outdated(let installed) = try await state(of: projection, on: connection) {
            throw ProjectionError.outdated(projection.name, installed: installed, known: projection.version)
        }
    }
}

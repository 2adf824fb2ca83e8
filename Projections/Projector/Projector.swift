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

    /// A projection that nobody waits for at the chairside rests after a pass for as many times as long as the pass took: under load its steps grow,
    /// and fold a stream that changed ten times once.
    static let restFactor = 5
    static let longestRest: Duration = .seconds(1)

    /// How long a projector that does not hold a projection, or met an error, waits before it tries again.
    static let retryInterval: Duration = .seconds(1)

    /// - Parameter settings: where the database is; the login must be a member of `dripline_projector`.
    public init(_ settings: ConnectionSettings, ledger: Ledger, logger: Logger) {
        self.settings = settings.setting(role: "dripline_projector").setting(statementTimeoutMilliseconds: 0)
            // A projector that started on an empty log must not keep the plans of that day; its few statements are worth planning.
            .setting(option: "plan_cache_mode", to: "force_custom_plan")
        self.ledger = ledger
        self.logger = logger
    }

    /// Follows the log until the task is cancelled or the service is asked to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                let (warm, turns) = (WarmHistories(), Turns(patience: Projector.longestRest))
                for projection in allProjections { group.addTask { await follow(projection, warm, turns) } }
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
                var failures: [Pass.Failure] = []
                while true {
                    let pass = try await pass(projection, .serving, without: Set(failures.map(\.clinic)), on: connection)
                    failures += pass.failures
                    if pass.events == 0 { break }
                }
                if let failure = failures.first { throw failure.error }
            }
        }
    }

    func withConnection<T: Sendable>(_ body: (Connection) async throws -> T) async throws -> T {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            // Charts are long documents: where the server knows lz4 it compresses them three times as fast as with its own method, as small.
            try await connection.execute(
                """
                SELECT set_config(name, 'lz4', false) FROM pg_settings \
                WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
                """)
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    private func follow(_ projection: any Projection.Type, _ warm: WarmHistories, _ turns: Turns) async {
        while !Task.isCancelled {
            do {
                try await withConnection { try await hold(projection, warm, turns, on: $0) }
            } catch {
                if Task.isCancelled { return }
                logger.error("projecting was interrupted", metadata: ["projection": "\(projection.name)", "error": "\(error)"])
            }
            try? await Task.sleep(for: Projector.retryInterval)
        }
    }

    /// Waits for the projection's lock and then projects until cancelled, or until the connection and with it the lock is lost.
    private func hold(
        _ projection: any Projection.Type, _ warm: WarmHistories, _ turns: Turns, on connection: Connection
    ) async throws {
        try await Projector.prepare(connection)
        let lock = AdvisoryLock.projecting(projection.name)
        while try await connection.query("SELECT pg_try_advisory_lock($1)", [lock]).first?.value(0, as: Bool.self) != true {
            try await Task.sleep(for: Projector.retryInterval)
        }
        if case .outdated(let installed) = try await state(of: projection, on: connection) {
            // Tables of a newer program are not this one's to throw away: it reports them until it is replaced itself.
            guard installed < projection.version else {
                throw ProjectionError.outdated(projection.name, installed: installed, known: projection.version)
            }
            logger.notice("rebuilding an outdated projection", metadata: ["projection": "\(projection.name)", "installed": "\(installed)"])
            try await Rebuild(self, projection, jobs: 1, progress: nil).run()
        }
        logger.debug("projecting", metadata: ["projection": "\(projection.name)"])
        // Rows and checkpoint come together: what a crash of the server takes is folded again.
        try await connection.execute("SET synchronous_commit = off")
        warm.clear()
        var obstacles = Obstacles()
        while !Task.isCancelled {
            let mark = await ledger.growth()
            // Where nobody waits at the chairside, one read model after the other is brought up to date: all at once they would take the chart's processors.
            var began = ContinuousClock.now
            let blocked = obstacles.inTheWay(at: .now)
            let pass: Pass
            if projection.isUrgent {
                pass = try await self.pass(projection, .serving, without: blocked, warm: warm, on: connection)
            } else {
                pass = try await turns.run {
                    began = .now
                    return try await self.pass(projection, .serving, without: blocked, warm: warm, on: connection)
                }
            }
            for clinic in pass.folded { obstacles.remove(clinic) }
            for failure in pass.failures {
                obstacles.add(failure.clinic, at: .now)
                logger.error(
                    "a clinic cannot be projected",
                    metadata: ["projection": "\(projection.name)", "clinic": "\(failure.clinic)", "error": "\(failure.error)"])
            }
            if pass.events == 0 {
                await ledger.waitForGrowth(since: mark)
            } else if !projection.isUrgent {
                try? await Task.sleep(for: min((.now - began) * Projector.restFactor, Projector.longestRest))
            }
        }
    }

    /// One transaction for each clinic that has something new. What goes wrong with one clinic's logs does not hold up the others.
    /// - Parameter without: clinics to leave out.
    /// - Throws: what concerns all clinics: a lost connection, tables of another version, cancellation.
    func pass(
        _ projection: any Projection.Type, _ generation: Generation, without: Set<String> = [], warm: WarmHistories? = nil,
        on connection: Connection
    ) async throws -> Pass {
        let work = Projecting(projection: projection, generation: generation, warm: warm)
        var pass = Pass()
        for logs in try await behind(projection, generation, on: connection) where !without.contains(logs.clinic) {
            do {
                pass.events += try await connection.transaction { connection in try work.step(logs, on: connection) }
                pass.folded.append(logs.clinic)
            } catch let error as ProjectionError {
                guard case .unreadable = error else { throw error }
                pass.failures.append(Pass.Failure(clinic: logs.clinic, error: error))
            } catch let error as PostgresError where !error.isConnectionFailure && !error.isCancelled {
                pass.failures.append(Pass.Failure(clinic: logs.clinic, error: error))
            }
        }
        return pass
    }

    /// The clinics with events beyond the projection's checkpoints, in a log that it follows.
    private func behind(
        _ projection: any Projection.Type, _ generation: Generation, on connection: isolated Connection
    ) throws -> [ClinicLogs] {
        try ClinicLogs.all(projection, behind: generation, on: connection)
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

import Canonical
public import Logging
public import Postgres
public import ServiceLifecycle
import Tlog

/// Seals every log of a database as it grows: a new event is covered by a signed checkpoint well within a second.
///
/// Several processes may run one; a log is sealed by one of them at a time. A log that can't be sealed (its database is behind what was signed, its bytes
/// were altered) is reported loudly and tried again at leisure; the others go on.
public struct SealingService: Service {
    private let settings: ConnectionSettings
    private let ledger: Ledger
    private let sealer: Sealer
    private let logger: Logger
    private let onCheckpoint: @Sendable (LogName, Sealer.Round) async -> Void

    /// The least time between two looks at the logs: checkpoints gather what came meanwhile.
    public static let interval: Duration = .milliseconds(250)
    /// How long a log that was refused is left alone.
    static let pause: Duration = .seconds(30)

    /// - Parameters:
    ///   - settings: where the database is; the login must be a member of `dripline_sealer`.
    ///   - onCheckpoint: called after each checkpoint is stored, before the next look.
    public init(
        _ settings: ConnectionSettings, ledger: Ledger, sealer: Sealer, logger: Logger,
        onCheckpoint: @escaping @Sendable (LogName, Sealer.Round) async -> Void = { _, _ in }
    ) {
        self.settings = Sealer.settings(settings)
        self.ledger = ledger
        self.sealer = sealer
        self.logger = logger
        self.onCheckpoint = onCheckpoint
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await connected { try await work(on: $0) }
                } catch {
                    if Task.isCancelled { return }
                    logger.error("sealing was interrupted", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Seals all there is now, and returns.
    /// - Throws: the first `SealError` once every log has been tried.
    public func catchUp() async throws {
        try await connected { connection in
            var refusal: (any Error)?
            for due in try await logs(on: connection) {
                do {
                    while try await seal(due.log, due.number, on: connection) {}
                } catch let error as SealError {
                    refusal = refusal ?? error
                }
            }
            if let refusal { throw refusal }
        }
    }

    private func connected<T: Sendable>(_ body: (Connection) async throws -> T) async throws -> T {
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

    private func work(on connection: Connection) async throws {
        var paused: [LogName: ContinuousClock.Instant] = [:]
        // Each log is looked at once even if it has not grown: it may be behind what was signed.
        var seen: Set<LogName> = []
        while !Task.isCancelled {
            let mark = await ledger.growth()
            var isBusy = false
            for due in try await logs(on: connection) {
                guard due.hasGrown || !seen.contains(due.log), paused[due.log].map({ $0 < .now }) ?? true else { continue }
                seen.insert(due.log)
                do {
                    isBusy = try await seal(due.log, due.number, on: connection) || isBusy
                    paused[due.log] = nil
                } catch let error as SealError {
                    logger.critical("a log is not sealed", metadata: ["log": "\(due.log)", "error": "\(error)"])
                    paused[due.log] = .now + Self.pause
                }
            }
            if !isBusy {
                try await Task.sleep(for: Self.interval)
                await ledger.waitForGrowth(since: mark)
            }
        }
    }

    /// - Returns: whether the log has more to seal at once.
    private func seal(_ log: LogName, _ number: Int32, on connection: Connection) async throws -> Bool {
        guard let round = try await sealer.seal(log, number: number, on: connection) else { return false }
        ledger.checkpoints.announce(log)
        await onCheckpoint(log, round)
        return round.isBehind
    }

    /// Every log, and whether it holds more than its last checkpoint covers.
    private func logs(on connection: Connection) async throws -> [(log: LogName, number: Int32, hasGrown: Bool)] {
        let sql = """
            SELECT l.clinic, l.log, l.log_id, l.size, \
            coalesce((SELECT c.size FROM dripline.checkpoints c WHERE c.log_id = l.log_id ORDER BY c.size DESC LIMIT 1), -1) \
            FROM dripline.logs l ORDER BY l.log_id
            """
        return try await connection.query(sql).compactMap { row in
            let (clinic, kind, number, size, sealed) = try row.decode(String.self, String.self, Int32.self, Int64.self, Int64.self)
            guard let kind = LogName.Kind(rawValue: kind), let log = LogName(clinic: clinic, kind: kind) else { return nil }
            return (log, number, size > sealed)
        }
    }
}

import Logging
import Postgres
import Synchronization

/// Hears of changes to credentials, wherever they are made, over one connection: triggers on their tables tell of them, and `dripline.append` of what
/// comes onto a clinic's own stream.
final class CredentialWatch: Sendable {
    static let channel = "dripline_credentials"

    private let settings: ConnectionSettings
    private let cache: CredentialCache
    private let logger: Logger
    private let task = Mutex<(running: Task<Void, Never>?, isClosed: Bool)>((nil, false))

    init(_ settings: ConnectionSettings, cache: CredentialCache, logger: Logger) {
        self.settings = settings
        self.cache = cache
        self.logger = logger
    }

    /// Listens from the first call on.
    func start() {
        task.withLock { task in
            guard task.running == nil, !task.isClosed else { return }
            task.running = Task { await self.listen() }
        }
    }

    func close() async {
        let running = task.withLock { task in
            task.isClosed = true
            return task.running
        }
        running?.cancel()
        await running?.value
    }

    private func listen() async {
        var pause = 100
        while !Task.isCancelled {
            do {
                let connection = try await Connection.connect(settings, logger: logger)
                do {
                    try await connection.execute("LISTEN \(Self.channel)")
                    cache.hears(true)
                    pause = 100
                    while !Task.isCancelled {
                        if try await connection.nextNotification(timeoutMilliseconds: 1000) != nil { cache.forgetAll() }
                    }
                } catch {
                    logger.debug("listening for changes to credentials was interrupted")
                }
                cache.hears(false)
                await connection.close()
            } catch {
                logger.debug("cannot listen for changes to credentials yet")
            }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, 2000)
        }
    }
}

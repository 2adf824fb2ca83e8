import Foundation
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP API over one database.
public struct HTTPService: Service {
    private let database: Database
    private let address: ListenAddress
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) async -> Void

    /// - Parameter onListening: called once with the address in use, its port the real one where 0 was asked for.
    public init(
        _ database: Database, address: ListenAddress, logger: Logger, onListening: @escaping @Sendable (ListenAddress) async -> Void
    ) {
        self.database = database
        self.address = address
        self.logger = logger
        self.onListening = onListening
    }

    /// Every route, with what stands before it.
    static func router(over database: Database) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: ProblemMiddleware())
        HealthRoutes(database: database).add(to: router)
        ClinicRoutes(database: database).add(to: router)
        LogRoutes(database: database).add(to: router)
        return router
    }

    /// Method and path of every route.
    static func routes(over database: Database) -> [String] { router(over: database).routes.map { "\($0.method) \($0.path)" } }

    public func run() async throws {
        let router = Self.router(over: database)
        var logger = logger
        // Hummingbird tells of its own starting and stopping; `onListening` does it in our words.
        logger.logLevel = max(logger.logLevel, .warning)
        let (host, listening) = (address.host, onListening)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port), serverName: "dripline"),
            onServerRunning: { channel in await listening(ListenAddress(host: host, port: channel.localAddress?.port ?? 0)) },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw error.errnoCode == EADDRINUSE
                ? ListenError.inUse(address) : ListenError.notPossible(address, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

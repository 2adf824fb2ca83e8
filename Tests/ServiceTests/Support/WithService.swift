import Logging
import Service
import ServiceLifecycle
import TestSupport

/// The HTTP service on a free port of loopback, with its projector, over the test's database; stopped in order when the body is done.
/// - Parameter seals: whether the logs are sealed as they grow, too.
func withService(
    logger: Logger = .silent, accounts: AccountSettings = .quick, options: HTTPOptions = HTTPOptions(), seals: Bool = false,
    _ body: @Sendable @escaping (HTTPClient, Database) async throws -> Void
) async throws {
    try await withStoppableService(logger: logger, accounts: accounts, options: options, seals: seals) { client, database, _ in
        try await body(client, database)
    }
}

/// As `withService`; the body gets what tells the service to stop, and returns at once.
func withStoppableService(
    logger: Logger = .silent, accounts: AccountSettings = .quick, options: HTTPOptions = HTTPOptions(), seals: Bool = false,
    _ body: @Sendable @escaping (HTTPClient, Database, _ stop: @escaping @Sendable () async -> Void) async throws -> Void
) async throws {
    try await TemporaryDirectory.with { state in
        try await withDatabase(logger: logger, accounts: accounts, state: state) { database in
            let (addresses, found) = AsyncStream.makeStream(of: ListenAddress.self)
            let http = HTTPService(database, address: try ListenAddress("127.0.0.1:0"), options: options, logger: logger) { address in
                found.yield(address)
            }
            var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: database.projector), .init(service: http)]
            if seals { services.append(.init(service: try database.sealing())) }
            let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: .silent))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await address in addresses {
                    do {
                        let client = HTTPClient(port: address.port, tokens: TestTokens())
                        try await body(client, database) { await group.triggerGracefulShutdown() }
                    } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                    break
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }
}

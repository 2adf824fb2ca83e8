import Logging
import Service
import ServiceLifecycle
import TestSupport

/// The HTTP service on a free port of loopback, with its projector, over the test's database; stopped in order when the body is done.
func withService(
    logger: Logger = .silent, _ body: @Sendable @escaping (HTTPClient, Database) async throws -> Void
) async throws {
    try await withDatabase(logger: logger) { database in
        let (addresses, found) = AsyncStream.makeStream(of: ListenAddress.self)
        let http = HTTPService(database, address: try ListenAddress("127.0.0.1:0"), logger: logger) { address in
            found.yield(address)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: database.projector), .init(service: http)], logger: .silent))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await address in addresses {
                do {
                    try await body(HTTPClient(port: address.port), database)
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

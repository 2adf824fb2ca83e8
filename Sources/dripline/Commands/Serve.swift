import ArgumentParser
import Service
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the HTTP API and keep the read models up to date.",
        discussion: """
            Until there are accounts it listens on loopback only, and who charts is what the header Dripline-Actor says. Ends in order on SIGINT and \
            SIGTERM: what was acknowledged is durable.
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port")) var listen = ListenAddress.standard
        .description
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        let address: ListenAddress
        do {
            address = try ListenAddress(listen)
        } catch {
            throw Failure(error)
        }
        try await options.run(interruption: .isHandled) { database in
            let http = HTTPService(database, address: address, logger: Log.logger) { address in
                Terminal.print("Dripline listens on http://\(address). Stop it with Ctrl-C.")
            }
            let sealing = try database.sealing(onFirstKey: Keys.announce)
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: database.projector), .init(service: sealing), .init(service: http)],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: Log.logger)
            // Requests under way are finished, but no client can keep the service from stopping.
            configuration.maximumGracefulShutdownDuration = .seconds(10)
            try await ServiceGroup(configuration: configuration).run()
            Terminal.print("Stopped.")
        }
    }
}

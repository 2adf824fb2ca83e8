import ArgumentParser
import Foundation
import Service
import ServiceLifecycle
import Tlog
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
    @Option(help: ArgumentHelp("A witness that is shown each new checkpoint, by its URL; repeatable.", valueName: "url")) var witness:
        [String] = []
    @Option(help: ArgumentHelp("A witness's verifier key: what it signs must be good; repeatable.", valueName: "vkey")) var witnessKey:
        [String] = []
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        let address: ListenAddress
        do {
            address = try ListenAddress(listen)
            try address.allow(withTLS: false, behindProxy: false)
        } catch {
            throw Failure(error)
        }
        let urls = try witness.map { text in
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil else {
                throw Failure.input("--witness takes a URL such as http://127.0.0.1:8463, not \(text).")
            }
            return url
        }
        let keys: [VerifierKey]
        do { keys = try witnessKey.map { try VerifierKey($0) } } catch { throw Failure.input("--witness-key: \(error).") }
        try await options.run(interruption: .isHandled) { database in
            let http = HTTPService(database, address: address, logger: Log.logger) { address in
                Terminal.print("Dripline listens on http://\(address). Stop it with Ctrl-C.")
            }
            let collector = WitnessCollector(urls, ledger: database.ledger, keys: keys, logger: Log.logger)
            let sealing = try database.sealing(onFirstKey: { Terminal.print(Keys.announcement($0)) }) { log, _ in await collector.show(log)
            }
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: database.projector), .init(service: sealing), .init(service: collector), .init(service: http)],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: Log.logger)
            // Requests under way are finished, but no client can keep the service from stopping.
            configuration.maximumGracefulShutdownDuration = .seconds(10)
            try await ServiceGroup(configuration: configuration).run()
            Terminal.print("Stopped.")
        }
    }
}

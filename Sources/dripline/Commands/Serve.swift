import ArgumentParser
import Foundation
import Logging
import Service
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the HTTP API, keep the read models up to date, and seal the logs.",
        discussion: """
            Who asks proves it: by signing in, or by a token (`dripline token new`). While there is no account, a link is printed by which the first \
            administrator makes one. Settings come from flags, from the environment, from a file, or are the defaults, the first that says something; `dripline config check` \
            shows them all. Ends in order on SIGINT and SIGTERM: what was acknowledged is durable, what is under way is finished within a bound.
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let configuration = try options.configuration()
        let (address, http): (ListenAddress?, HTTPOptions)
        let (witnesses, keys) = (
            try Failure.sorting { try configuration.witnessURLs() }, try Failure.sorting { try configuration.witnessVerifiers() }
        )
        let parts = try Failure.sorting { try configuration.parts }
        (address, http) = try Failure.sorting { (try configuration.listenAddress(), try configuration.httpOptions()) }
        let logger = Log.service(configuration)
        OpenFiles.raiseLimit()
        try await ServiceOptions.open(configuration, logger: logger) { database in
            var services: [any Service] = []
            if parts.contains(.project) { services.append(database.projector) }
            var collector: WitnessCollector?
            if parts.contains(.seal) {
                let witness = WitnessCollector(witnesses, ledger: database.ledger, keys: keys, logger: logger)
                services.append(
                    try database.sealing(onFirstKey: { Terminal.print(Keys.announcement($0)) }) { log, _ in await witness.show(log) })
                services.append(witness)
                collector = witnesses.isEmpty ? nil : witness
            }
            if let address {
                let setup = try await http.servesAPI ? database.accounts.newSetupLink() : nil
                if http.servesAPI { services.append(SessionSweeper(database.accounts)) }
                let scheme = http.tls == nil ? "http" : "https"
                services.append(
                    HTTPService(database, address: address, options: http, witnesses: collector, logger: logger) { address in
                        Terminal.print("Dripline listens on \(scheme)://\(address). Stop it with Ctrl-C.")
                        guard let setup else { return }
                        Terminal.print("There is no account yet. To make the first administrator, open this once, within 24 hours:")
                        Terminal.print("  \(scheme)://\(address)/setup?token=\(setup)")
                    })
            } else {
                Terminal.print("Dripline runs: \(parts.map(\.rawValue).sorted().joined(separator: ", ")). Stop it with Ctrl-C.")
            }
            var group = ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
            // Requests under way are finished, but no client can keep the service from stopping.
            group.maximumGracefulShutdownDuration = .seconds(configuration.number(.stopSeconds) ?? 10)
            try await ServiceGroup(configuration: group).run()
            Terminal.print("Stopped.")
        }
    }
}

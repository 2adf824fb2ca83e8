import ArgumentParser
import Canonical
import Clinic
import Foundation
import Service
import ServiceLifecycle
import Tlog
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the HTTP API and keep the read models up to date.",
        discussion: """
            Who asks proves it: by signing in, or by a token (`dripline token new`). While there is no account, a link is printed by which the first \
            administrator makes one. Ends in order on SIGINT and SIGTERM: what was acknowledged is durable.
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port")) var listen = ListenAddress.standard
        .description
    @Option(help: ArgumentHelp("A witness that is shown each new checkpoint, by its URL; repeatable.", valueName: "url")) var witness:
        [String] = []
    @Option(help: ArgumentHelp("A witness's verifier key: what it signs must be good; repeatable.", valueName: "vkey")) var witnessKey:
        [String] = []
    @Option(
        help: ArgumentHelp(
            "The clinics' identity providers, as JSON: {\"hickory\": {\"issuer\": …, \"audience\": …, \"jwks_url\": …}}.", valueName: "file"
        ))
    var openid: String?
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
        var accounts = AccountSettings()
        if let openid { accounts.openID = try Self.providers(openid) }
        try await options.run(interruption: .isHandled, accounts: accounts) { database in
            let setup = try await database.accounts.newSetupLink()
            let http = HTTPService(database, address: address, logger: Log.logger) { address in
                Terminal.print("Dripline listens on http://\(address). Stop it with Ctrl-C.")
                guard let setup else { return }
                Terminal.print("There is no account yet. To make the first administrator, open this once, within 24 hours:")
                Terminal.print("  http://\(address)/setup?token=\(setup)")
            }
            let collector = WitnessCollector(urls, ledger: database.ledger, keys: keys, logger: Log.logger)
            let sealing = try database.sealing(onFirstKey: { Terminal.print(Keys.announcement($0)) }) { log, _ in await collector.show(log)
            }
            var configuration = ServiceGroupConfiguration(
                services: [
                    .init(service: database.projector), .init(service: sealing), .init(service: collector),
                    .init(service: SessionSweeper(database.accounts)), .init(service: http),
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: Log.logger)
            // Requests under way are finished, but no client can keep the service from stopping.
            configuration.maximumGracefulShutdownDuration = .seconds(10)
            try await ServiceGroup(configuration: configuration).run()
            Terminal.print("Stopped.")
        }
    }

    private static func providers(_ path: String) throws -> [String: OpenIDProvider] {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw Failure.input("--openid: \(path) cannot be read.") }
        do {
            return try OpenIDProvider.clinics(JSON.parse(bytes))
        } catch let error as JSONError {
            throw Failure.input("--openid: \(path) is \(error.description).")
        } catch let error as Clinic.ValidationError {
            throw Failure.input("--openid: \(path): " + error.problems.map { "\($0.pointer): \($0.message)" }.joined(separator: "; "))
        }
    }
}

import ArgumentParser
import Foundation
import Ledger
import Postgres
import Service
import ServiceLifecycle
import Tlog
import UnixSignals

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Run a witness: it cosigns other logs' checkpoints as long as they only grow.",
        discussion: """
            Run it on another machine, under another hand. It keeps a key of its own, and what it signed last, in its data directory, and speaks \
            C2SP tlog-witness: POST /add-checkpoint. `dripline serve --witness URL` shows it each new checkpoint.
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port")) var listen = "127.0.0.1:8463"
    @Flag(help: "A proxy in front of it sees to TLS: then it may listen beyond loopback.") var behindProxy = false
    @Option(help: ArgumentHelp("Its data directory, for this witness alone.", valueName: "dir")) var data: String
    @Option(help: ArgumentHelp("The name that it signs under, when its key is made.", valueName: "host")) var name =
        "witness.dripline.local"
    @Option(
        name: .customLong("log"),
        help: ArgumentHelp("The verifier key of a log that it may cosign (`dripline keys show --clinic C`); repeatable.", valueName: "vkey")
    )
    var logs: [String] = []

    func validate() throws {
        guard !logs.isEmpty else { throw ValidationError("Give the verifier key of at least one log with --log.") }
    }

    func run() async throws {
        do {
            let address = try ListenAddress(listen)
            try address.allow(withTLS: false, behindProxy: behindProxy)
            let keys = try logs.map { try VerifierKey($0) }
            let key = try SigningKeys.load(directory: data, environment: [:]) ?? SigningKeys.create(directory: data, host: name)
            let witness = try Witness(key: key.active, logs: keys, directory: data + "/logs")
            let service = WitnessService(witness, address: address, logger: Log.logger) { address in
                Terminal.print("The witness listens on http://\(address). Its verifier key: \(witness.verifier)")
            }
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: service)], gracefulShutdownSignals: [.sigint, .sigterm], logger: Log.logger)
            configuration.maximumGracefulShutdownDuration = .seconds(10)
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as NoteError {
            throw Failure.input("\(error)")
        } catch {
            throw Failure(error)
        }
    }
}

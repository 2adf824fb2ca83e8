import ArgumentParser
import Foundation
import Logging
import Service

/// The flags of `serve` and `config check`. A flag that is not given leaves its setting to the environment, the file or the default.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A configuration file, JSON (or DRIPLINE_CONFIG).", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "address:port")) var listen: String?
    @Option(help: ArgumentHelp("What this process does: api, project or seal; repeatable (default: all).", valueName: "part")) var only:
        [String] = []
    @Option(help: ArgumentHelp("The certificate, PEM, read again when it changes.", valueName: "file")) var tlsCertificate: String?
    @Option(help: ArgumentHelp("Its private key, PEM.", valueName: "file")) var tlsKey: String?
    @Flag(help: "A proxy in front sees to TLS: then it may listen beyond loopback without a certificate.") var behindProxy = false
    @Option(help: ArgumentHelp("A proxy whose X-Forwarded-For and -Proto are believed; repeatable.", valueName: "cidr")) var trustProxy:
        [String] = []
    @Option(help: ArgumentHelp("A witness that is shown each new checkpoint, by its URL; repeatable.", valueName: "url")) var witness:
        [String] = []
    @Option(help: ArgumentHelp("A witness's verifier key: what it signs must be good; repeatable.", valueName: "vkey")) var witnessKey:
        [String] = []
    @Option(help: ArgumentHelp("The clinics' identity providers, JSON, by clinic: issuer, audience, jwks_url.", valueName: "file"))
    var openid: String?
    @Option(help: ArgumentHelp("The log on standard error: json or text (default: json).", valueName: "format")) var logFormat: String?
    @Option(help: ArgumentHelp("Any setting by its key, such as limits.body_bytes=100000; repeatable.", valueName: "key=value")) var set:
        [String] = []
    @OptionGroup var database: DatabaseOptions

    /// By key, what was given.
    private var flags: [String: [String]] {
        get throws {
            var flags: [String: [String]] = [:]
            for pair in set {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2 else { throw Failure.input("--set takes KEY=VALUE, such as limits.body_bytes=100000, not \(pair).") }
                flags[parts[0], default: []].append(parts[1])
            }
            let single: [(Setting, String?)] = [
                (.listen, listen), (.certificate, tlsCertificate), (.certificateKey, tlsKey), (.logFormat, logFormat),
                (.database, database.database), (.data, database.data), (.state, database.state),
                (.openID, openid), (.isBehindProxy, behindProxy ? "true" : nil),
            ]
            for (setting, text) in single { if let text { flags[setting.key, default: []].append(text) } }
            let lists: [(Setting, [String])] = [
                (.only, only), (.trustedProxies, trustProxy), (.witnesses, witness), (.witnessKeys, witnessKey),
            ]
            for (setting, items) in lists where !items.isEmpty { flags[setting.key, default: []] += items }
            return flags
        }
    }

    func configuration() throws -> Service.Configuration {
        let environment = ProcessInfo.processInfo.environment
        return try Failure.sorting {
            let path = config ?? environment[Service.Configuration.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
            return try Service.Configuration(
                flags: try flags, environment: environment, file: try path.map { try Service.Configuration.File.read($0) })
        }
    }

    /// Opens the database that the configuration names, runs `body`, and closes it whatever comes.
    static func open(
        _ configuration: Service.Configuration, logger: Logger, _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        let location: DatabaseLocation
        do { location = try configuration.location(environment: ProcessInfo.processInfo.environment) } catch {
            throw Failure.input("The database is not well named: \(error).")
        }
        let accounts = try Failure.sorting { try configuration.accountSettings() }
        try await DatabaseOptions.run(
            location, state: configuration.text(.state), logger, interruption: .isHandled, accounts: accounts, body)
    }
}

/// One connection is one file: the system's soft limit is often lower than what is allowed.
enum OpenFiles {
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

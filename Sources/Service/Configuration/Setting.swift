/// One thing that can be configured: by a flag, by a variable of the environment, or by a key of the configuration file.
public struct Setting: Sendable, Hashable {
    /// What a value is.
    public enum Kind: Sendable, Hashable {
        case text
        /// A whole number within bounds.
        case number(ClosedRange<Int>)
        case choice([String])
        /// Yes or no.
        case flag
        /// Several texts: an array in the file, separated by commas in a variable, a flag that may be repeated.
        case list
    }

    /// As in the file; a dot leads into an object.
    public let key: String
    public let kind: Kind
    /// What holds where nothing is said; nil for nothing.
    public let standard: ConfigurationValue?
    public let help: String
    /// The variable of the environment.
    public let variable: String
    /// Whether the value may hold a secret: then it is never shown.
    public let isSecret: Bool

    init(
        _ key: String, _ kind: Kind, standard: ConfigurationValue? = nil, variable: String? = nil, isSecret: Bool = false, _ help: String
    ) {
        self.key = key
        self.kind = kind
        self.standard = standard
        self.help = help
        self.variable = variable ?? "DRIPLINE_" + key.uppercased().replacing(".", with: "_")
        self.isSecret = isSecret
    }
}

public enum ConfigurationValue: Sendable, Hashable, CustomStringConvertible {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([String])

    public var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let items): items.isEmpty ? "(none)" : items.joined(separator: ", ")
        }
    }
}

/// Which settings there are. A new one is added to `all`, and is then read from file, environment and flags, checked, and shown by `config check`.
extension Setting {
    public static let listen = Setting(
        "listen", .text, standard: .text(ListenAddress.standard.description), "Where to listen: ADDRESS:PORT.")
    public static let only = Setting(
        "only", .list, standard: .list([]), "The parts that this process does: api, project, seal; all where none is named.")
    public static let database = Setting("database", .text, isSecret: true, "The PostgreSQL server, as a URL.")
    public static let data = Setting("data", .text, "The directory of the private PostgreSQL.")
    public static let state = Setting("state", .text, "Where the signing key and what was signed last are kept.")
    public static let witnesses = Setting("witnesses", .list, standard: .list([]), "URLs of witnesses that are shown each new checkpoint.")
    public static let witnessKeys = Setting("witness_keys", .list, standard: .list([]), "The witnesses' verifier keys.")
    public static let openID = Setting(
        "openid", .text,
        "The clinics' identity providers, a JSON file: an object of clinics, each with issuer, audience, jwks_url or jwks_file.")
    public static let stopSeconds = Setting(
        "stop_seconds", .number(1...300), standard: .number(10),
        "How long requests under way may take to finish when the service is told to stop.")

    public static let certificate = Setting("tls.certificate", .text, "The certificate and those that lead to its root, a PEM file.")
    public static let certificateKey = Setting("tls.key", .text, "The certificate's private key, a PEM file.")
    public static let isBehindProxy = Setting(
        "proxy.behind", .flag, standard: .flag(false), "A proxy in front sees to TLS: then listening beyond loopback needs no certificate.")
    public static let trustedProxies = Setting(
        "proxy.trust", .list, standard: .list([]),
        "Addresses, or ranges such as 10.0.0.0/8, of proxies whose X-Forwarded-For and -Proto are believed.")
    public static let metricsReaders = Setting(
        "metrics.readers", .list, standard: .list(AddressRange.loopback.map(\.description)), "Addresses, or ranges, that may read /metrics."
    )

    public static let logLevel = Setting(
        "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), standard: .text("notice"),
        variable: "DRIPLINE_LOG", "What is logged; info has a line for each request.")
    public static let logFormat = Setting(
        "log.format", .choice(["json", "text"]), standard: .text("json"), "One JSON object a line, or text.")

    public static let all: [Setting] =
        [
            listen, only, database, data, state, witnesses, witnessKeys, openID, stopSeconds, certificate, certificateKey, isBehindProxy,
            trustedProxies, metricsReaders, logLevel, logFormat,
        ] + limits
}

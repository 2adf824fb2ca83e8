/// Where the service listens.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let port: Int

    public static let standard = ListenAddress(host: "127.0.0.1", port: 8462)

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`.
    /// - Throws: `ListenError`: until there are accounts, only loopback is allowed.
    public init(_ text: String) throws(ListenError) {
        let (host, portText): (String, String)
        if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            portText = String(text[text.index(after: colon)...])
        } else {
            host = ListenAddress.standard.host
            portText = text
        }
        guard let port = Int(portText), (0...65_535).contains(port), !host.isEmpty else { throw .malformed }
        var bare = host
        if host.hasPrefix("["), host.hasSuffix("]") { bare = String(host.dropFirst().dropLast()) }
        let octets = bare.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopback4 = octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
        guard bare == "localhost" || bare == "::1" || isLoopback4 else { throw .notLoopback }
        self.init(host: bare, port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

public enum ListenError: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed
    case notLoopback
    case inUse(ListenAddress)
    case notPossible(ListenAddress, reason: String)

    public var description: String {
        switch self {
        case .malformed: "The address to listen on must be HOST:PORT, such as 127.0.0.1:8462."
        case .notLoopback:
            "Dripline has no accounts yet, so it listens on loopback only: use 127.0.0.1, ::1 or localhost, "
                + "and put an authenticating proxy on the same machine in front of it to reach it from elsewhere."
        case .inUse(let address):
            "The address \(address) is in use: stop what listens there, or choose another with --listen; port 0 takes a free one."
        case .notPossible(let address, let reason):
            "Listening on \(address) is not possible (\(reason)): choose another address with --listen."
        }
    }
}

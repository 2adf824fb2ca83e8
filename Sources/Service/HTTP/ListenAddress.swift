/// Where the service listens.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let port: Int

    public static let standard = ListenAddress(host: "127.0.0.1", port: 8462)

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`. A host is an address, or `localhost`: what a name stands for can change.
    /// - Throws: `ListenError.malformed`
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
        guard bare == "localhost" || AddressRange.bytes(bare) != nil else { throw .malformed }
        self.init(host: bare, port: port)
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool { host == "localhost" || AddressRange.loopback.contains { $0.contains(host) } }

    /// What goes over a network in the clear can be read on the way: so beyond loopback only with TLS, or where it is said that a proxy sees to it.
    /// - Throws: `ListenError.unprotected`
    public func allow(withTLS: Bool, behindProxy: Bool) throws(ListenError) {
        guard isLoopback || withTLS || behindProxy else { throw .unprotected(self) }
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

public enum ListenError: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed
    case unprotected(ListenAddress)
    case inUse(ListenAddress)
    case notPossible(ListenAddress, reason: String)

    public var description: String {
        switch self {
        case .malformed: "The address to listen on must be ADDRESS:PORT, such as 127.0.0.1:8462 or [::]:8462."
        case .unprotected(let address):
            "Listening on \(address) would send clinical content and passwords over a network in the clear: give a certificate with "
                + "--tls-certificate and --tls-key, or say with --behind-proxy that a proxy in front sees to TLS, or use 127.0.0.1."
        case .inUse(let address):
            "The address \(address) is in use: stop what listens there, or choose another with --listen; port 0 takes a free one."
        case .notPossible(let address, let reason):
            "Listening on \(address) is not possible (\(reason)): choose another address with --listen."
        }
    }
}

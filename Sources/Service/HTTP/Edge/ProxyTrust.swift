import HTTPTypes

/// Who may say in `X-Forwarded-For` and `X-Forwarded-Proto` where a request came from: the proxies that were named, and nobody else.
struct ProxyTrust: Sendable {
    let ranges: [AddressRange]

    /// Where a request came from.
    struct Origin: Sendable, Hashable {
        var address: String
        /// Whether it came over TLS, as far as the proxy; nil where nobody who may said so.
        var isSecure: Bool?
    }

    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
    /// What only a proxy may say, and what nobody may: RFC 7239's header is not read, so that the two can't disagree.
    private static let forwarding = [forwardedFor, forwardedProto, HTTPField.Name("Forwarded")!, HTTPField.Name("X-Forwarded-Host")!]
    /// Hops that are looked through.
    static let maximumHops = 16

    func trusts(_ address: String) -> Bool { ranges.contains { $0.contains(address) } }

    /// The origin, by the peer of the connection and what it says; takes the forwarding headers away.
    func origin(peer: String, _ headers: inout HTTPFields) -> Origin {
        var origin = Origin(address: peer, isSecure: nil)
        if trusts(peer) {
            // Each proxy adds its own peer at the end: the last one that is no proxy of ours is the client.
            let hops = headers[values: Self.forwardedFor].flatMap { $0.split(separator: ",") }.suffix(Self.maximumHops)
            for hop in hops.reversed() {
                let hop = hop.trimmingWhitespace()
                guard AddressRange.bytes(hop) != nil else { break }
                origin.address = hop
                guard trusts(hop) else { break }
            }
            origin.isSecure = headers[values: Self.forwardedProto].last.map { $0.trimmingWhitespace() == "https" }
        }
        for name in Self.forwarding { headers[values: name] = [] }
        return origin
    }
}

extension StringProtocol {
    fileprivate func trimmingWhitespace() -> String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

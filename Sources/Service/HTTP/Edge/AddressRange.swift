import Foundation

/// A range of addresses, IPv4 or IPv6, such as `10.0.0.0/8`.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let network: [UInt8]
    private let prefix: Int
    public let description: String

    public static let loopback = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    /// Reads an address, or an address with the length of its prefix. Nil where bits beyond the prefix are set: then something else was meant.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let network = Self.bytes(String(parts[0])) else { return nil }
        var prefix = network.count * 8
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...prefix).contains(given), parts[1].allSatisfy(\.isNumber) else { return nil }
            prefix = given
        }
        guard network == Self.masked(network, to: prefix) else { return nil }
        self.network = network
        self.prefix = prefix
        description = text
    }

    public func contains(_ address: String) -> Bool {
        guard let bytes = Self.bytes(address), bytes.count == network.count else { return false }
        return Self.masked(bytes, to: prefix) == network
    }

    /// 4 or 16 bytes. An IPv4 address in IPv6's clothes is the IPv4 address.
    static func bytes(_ address: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var sixteen = in6_addr()
        guard inet_pton(AF_INET6, address, &sixteen) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: sixteen) { Array($0) }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        return Array(bytes.prefix(12)) == mapped ? Array(bytes.suffix(4)) : bytes
    }

    /// Whom a rate is counted for: the address, or the /64 that an IPv6 site owns.
    static func key(of address: String) -> String {
        guard let bytes = bytes(address), bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func masked(_ bytes: [UInt8], to prefix: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(max(prefix - index * 8, 0), 8)
            return kept == 8 ? byte : byte & ~(0xFF >> kept)
        }
    }
}

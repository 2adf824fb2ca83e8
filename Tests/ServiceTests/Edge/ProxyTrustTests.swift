import HTTPTypes
import Testing

@testable import Service

@Suite struct ProxyTrustTests {
    private let proxies = ProxyTrust(ranges: ["10.0.0.0/8", "fd00::/8"].compactMap { AddressRange($0) })

    private func origin(_ peer: String, _ forwardedFor: [String], proto: String? = nil) -> (ProxyTrust.Origin, HTTPFields) {
        var headers: HTTPFields = [:]
        for value in forwardedFor { headers.append(HTTPField(name: ProxyTrust.forwardedFor, value: value)) }
        if let proto { headers[ProxyTrust.forwardedProto] = proto }
        let origin = proxies.origin(peer: peer, &headers)
        return (origin, headers)
    }

    @Test func aStrangerIsBelievedNothing() {
        let (found, headers) = origin("203.0.113.9", ["127.0.0.1"], proto: "https")
        #expect(found == ProxyTrust.Origin(address: "203.0.113.9", isSecure: nil))
        #expect(headers.isEmpty)
    }

    @Test(arguments: [
        (["203.0.113.9"], "203.0.113.9"),
        // What the client itself wrote stands before what our proxy added.
        (["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (["127.0.0.1", "203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.1.1.1, 10.2.2.2"], "203.0.113.9"),
        (["2001:db8::7"], "2001:db8::7"),
        (["10.1.1.1"], "10.1.1.1"),
        (["unknown"], "10.0.0.1"), ([""], "10.0.0.1"), ([], "10.0.0.1"),
        (["203.0.113.9, junk, 10.1.1.1"], "10.1.1.1"),
    ])
    func aProxyNamesItsClient(_ values: [String], _ expected: String) {
        #expect(origin("10.0.0.1", values).0.address == expected)
    }

    @Test func aProxySaysWhetherItWasTLS() {
        #expect(origin("10.0.0.1", ["203.0.113.9"], proto: "https").0.isSecure == true)
        #expect(origin("10.0.0.1", ["203.0.113.9"], proto: "http").0.isSecure == false)
        #expect(origin("fd00::1", ["203.0.113.9"]).0.isSecure == nil)
    }

    @Test func endlessHopsAreNotWalked() {
        let hops = Array(repeating: "10.1.1.1", count: 1000).joined(separator: ", ")
        #expect(origin("10.0.0.1", ["203.0.113.9, " + hops]).0.address == "10.1.1.1")
    }
}

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "203.0.113.1", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("127.0.0.0/8", "localhost", false),
    ])
    func contains(_ range: String, _ address: String, _ expected: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == expected)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "::1/129", "example.org", "10.0.0.0/+8"])
    func whatIsNoRangeIsNone(_ text: String) { #expect(AddressRange(text) == nil) }
}

@Suite struct RequestNameTests {
    @Test(arguments: ["0198F7A2-0000-7000-8000-000000000001", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"])
    func aWellFormedOneIsKept(_ text: String) { #expect(RequestName(given: text).description == text) }

    @Test(arguments: [
        nil, "", "short", "Alice Smith, born 1980-01-01", "00f067aa0ba902b7\r\nSet-Cookie: a=b", "g0f067aa0ba902b7",
        String(repeating: "a", count: 65), "00f067aa0ba902b",
    ])
    func anythingElseIsReplaced(_ text: String?) {
        let name = RequestName(given: text).description
        #expect(name != text)
        #expect(RequestName.isWellFormed(name))
    }
}

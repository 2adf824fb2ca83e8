import Service
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8462", "127.0.0.1:8462"), ("8080", "127.0.0.1:8080"), ("localhost:1", "localhost:1"), ("[::1]:8462", "[::1]:8462"),
        ("127.8.9.10:0", "127.8.9.10:0"),
    ])
    func loopbackIsTaken(_ text: String, _ expected: String) throws {
        #expect(try ListenAddress(text).description == expected)
    }

    @Test(arguments: ["0.0.0.0:80", "[::]:80", "192.168.1.1:80", "[::ffff:10.0.0.1]:80"])
    func beyondLoopbackOnlyWithTLSOrAProxyInFront(_ text: String) throws {
        let address = try ListenAddress(text)
        #expect(!address.isLoopback)
        #expect(throws: ListenError.unprotected(address)) { try address.allow(withTLS: false, behindProxy: false) }
        try address.allow(withTLS: true, behindProxy: false)
        try address.allow(withTLS: false, behindProxy: true)
    }

    @Test(arguments: ["127.0.0.1:1", "localhost:1", "[::1]:1", "[::ffff:127.0.0.1]:1"])
    func loopbackNeedsNeither(_ text: String) throws {
        try ListenAddress(text).allow(withTLS: false, behindProxy: false)
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "example.org:80", "127.0.0.1.example.org:80", "127.0.0.256:80", "127.1:80", "localhost.example.org:80",
        "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", ":80", "localhost:http",
    ])
    func whatIsNoAddressIsSaidToBeNone(_ text: String) {
        #expect(throws: ListenError.malformed) { try ListenAddress(text) }
    }
}

import Canonical
import Foundation
import Service
import Testing

/// What two parsers could read in two ways is read by none: each is answered 400 and the connection closed, so that nothing after it counts.
@Suite(.service) struct SmugglingTests {
    /// A request that would be answered 200 if it were ever seen.
    private static let smuggled = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"

    private static let requests: [(name: String, text: String)] = [
        ("CL and TE", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("TE and CL", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        ("two lengths", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 37\r\n\r\n"),
        ("two equal lengths", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        ("a list of lengths", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 0\r\n\r\n"),
        ("a signed length", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n"),
        ("a hexadecimal length", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n"),
        ("a negative length", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"),
        ("a length beyond numbers", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551616\r\n\r\n"),
        ("an unknown coding", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("two codings", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("chunked twice", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("chunked and identity", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("a folded field", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-Folded: a\r\n b\r\n\r\n"),
        ("a folded coding", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        ("a space before the colon", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n"),
        ("a bare line feed", "GET /healthz HTTP/1.1\nHost: h\n\n"),
        ("a bare line feed in a field", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\nContent-Length: 37\r\n\r\n"),
        ("a bare carriage return", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\rContent-Length: 37\r\n\r\n"),
        ("a zero byte", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\0c\r\n\r\n"),
        (
            "a chunk size that is none",
            "POST /v1/clinics/hickory/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
        ),
        ("a chunk size beyond numbers", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n"),
        ("a chunk longer than said", "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n"),
        ("two hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("a space in the path", "GET /healthz extra HTTP/1.1\r\nHost: h\r\n\r\n"),
        ("no HTTP", "hello there\r\n\r\n"),
        ("TLS without TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}\u{3}\u{3}"),
    ]

    @Test func whatCanBeReadInTwoWaysIsReadInNone() async throws {
        try await withService { client, _ in
            for (name, text) in Self.requests {
                let connection = try await RawConnection.open(port: client.port)
                await connection.send(text + Self.smuggled)
                let rest = try await connection.rest()
                #expect(rest.httpStatus == 400, "\(name): \(rest)")
                #expect(rest.httpAnswers == 1, "\(name): \(rest)")
                #expect(rest.contains("urn:dripline:problem:malformed-request"), "\(name)")
                await connection.close()
            }
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInTurn() async throws {
        try await withService { client, _ in
            let connection = try await RawConnection.open(port: client.port)
            await connection.send(
                Self.smuggled + "POST /nowhere HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    + "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let rest = try await connection.rest()
            #expect(rest.httpAnswers == 3)
            #expect(rest.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) } == ["200", "401", "200"])
        }
    }

    /// What a client wants in a header comes back in none, or not as a line of its own.
    @Test func nothingIsInjectedIntoAnswers() async throws {
        try await withService { client, _ in
            for target in [
                "/healthz%0d%0aSet-Cookie:%20a=b", "/v1/clinics/a%0d%0aSet-Cookie:%20a=b/events", "/readyz/%0d%0aSet-Cookie:%20a=b",
            ] {
                let connection = try await RawConnection.open(port: client.port)
                await connection.send(
                    "GET \(target) HTTP/1.1\r\nHost: h%0d%0aSet-Cookie: a=b\r\nX-Request-ID: 0123456789abcdef%0d%0aSet-Cookie: a=b\r\n"
                        + "Connection: close\r\n\r\n")
                let rest = try await connection.rest()
                #expect([400, 401, 404].contains(rest.httpStatus), "\(target): \(rest)")
                #expect(!rest.lowercased().contains("\r\nset-cookie"), "\(target): \(rest)")
                await connection.close()
            }
        }
    }
}

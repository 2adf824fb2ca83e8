import Canonical
import Foundation
import Service
import Testing

/// Every answer, good or bad, says what browsers and caches may do with it, and which request it was.
@Suite(.service) struct SafeHeaderTests {
    private let clinic = TestClinic()

    @Test func everyAnswerCarriesThem() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let paths = [
                "/healthz", "/readyz", "/metrics", "/nowhere", "/v1/clinics/hickory/events", "/v1/clinics/hickory/patients?limit=x",
            ]
            for path in paths {
                let headers = try await client.get(path).headers
                #expect(headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(headers["content-security-policy"]?.contains("default-src 'none'") == true, "\(path)")
                #expect(headers["x-frame-options"] == "DENY", "\(path)")
                #expect(headers["referrer-policy"] == "no-referrer", "\(path)")
                #expect(headers["cache-control"] == "no-store", "\(path)")
                #expect(headers["strict-transport-security"] == nil, "\(path): there is no TLS")
                #expect(UUID(uuidString: headers["x-request-id"] ?? "") != nil, "\(path)")
            }
            let connection = try await RawConnection.open(port: client.port)
            await connection.send("no HTTP at all\r\n\r\n")
            let broken = try await connection.rest().lowercased()
            #expect(broken.contains("x-content-type-options: nosniff") && broken.contains("cache-control: no-store"))
        }
    }

    @Test func aRequestKeepsItsIDWhereItIsOne() async throws {
        try await withService { client, _ in
            let id = "4bf92f3577b34da6a3ce929d0e0e4736"
            #expect(try await client.get("/healthz", headers: ["X-Request-ID": id]).headers["x-request-id"] == id)
            let other = try await client.get("/healthz", headers: ["X-Request-ID": "Jane Doe"]).headers["x-request-id"]
            #expect(other != "Jane Doe" && other != nil)
        }
    }

    /// Only a proxy that is trusted is believed that the request came over TLS.
    @Test func behindATrustedProxyTLSIsRequired() async throws {
        var options = HTTPOptions()
        options.trustedProxies = ["127.0.0.1/32"].compactMap { AddressRange($0) }
        try await withService(options: options) { client, _ in
            let forwarded = ["X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"]
            let answer = try await client.get("/healthz", headers: forwarded)
            #expect(answer.headers["strict-transport-security"]?.contains("max-age=31536000") == true)
            // The metrics are for loopback: the client is not there.
            #expect(try await client.get("/metrics", headers: forwarded).status == 403)
            #expect(try await client.get("/metrics").status == 200)
        }
        try await withService { client, _ in
            let forwarded = ["X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"]
            let (metrics, health) = (
                try await client.get("/metrics", headers: forwarded), try await client.get("/healthz", headers: forwarded)
            )
            #expect(metrics.status == 200)
            #expect(health.headers["strict-transport-security"] == nil)
        }
    }
}

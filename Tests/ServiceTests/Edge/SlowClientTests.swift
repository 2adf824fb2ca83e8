import Canonical
import Foundation
import Service
import Testing

/// Clients that take their time are cut, and good traffic goes on.
@Suite(.service) struct SlowClientTests {
    private static func options(_ change: (inout HTTPLimits) -> Void) -> HTTPOptions {
        var options = HTTPOptions()
        options.limits.headerTime = .seconds(1)
        options.limits.bodyTime = .seconds(1)
        options.limits.writeTime = .seconds(1)
        options.limits.idleTime = .seconds(1)
        change(&options.limits)
        return options
    }

    /// Slowloris: five hundred heads that never end, each with a further field now and then.
    @Test func fiveHundredSlowHeadsAreCutAndGoodRequestsServed() async throws {
        try await withService(options: Self.options { $0.headerTime = .seconds(3) }) { client, _ in
            var slow: [RawConnection] = []
            for number in 0..<500 {
                let connection = try await RawConnection.open(port: client.port, from: "127.0.0.\(2 + number % 4)")
                await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n")
                slow.append(connection)
            }
            for round in 0..<20 {
                for connection in slow[(round * 25)..<(round * 25 + 25)] { await connection.send("X-\(round): a\r\n") }
                #expect(try await client.get("/healthz").status == 200)
            }
            for connection in slow { #expect(try await connection.rest() == "") }
            #expect(try await client.get("/healthz").status == 200)
            let metrics = String(decoding: try await client.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"dripline_http_connections_cut_total{reason="head"} 500"#))
        }
    }

    @Test(arguments: [
        "", "GET", "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
        "POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ])
    func whoDoesNotFinishARequestIsCut(_ beginning: String) async throws {
        try await withService(options: Self.options { _ in }) { client, _ in
            let connection = try await RawConnection.open(port: client.port)
            await connection.send(beginning)
            _ = try await connection.rest()
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await withService(options: Self.options { _ in }) { client, _ in
            let connection = try await RawConnection.open(port: client.port)
            await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await connection.rest().httpAnswers == 1)
        }
    }
}

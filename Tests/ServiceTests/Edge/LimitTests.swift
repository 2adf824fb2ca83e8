import Canonical
import Foundation
import Service
import Testing

/// More than is taken, of everything; and good traffic goes on.
@Suite(.service) struct LimitTests {
    private let clinic = TestClinic()
    private static let events = "/v1/clinics/hickory/events"

    private func raw(_ client: HTTPClient, _ parts: [String]) async throws -> String {
        let connection = try await RawConnection.open(port: client.port)
        for part in parts { await connection.send(part) }
        let rest = try await connection.rest()
        await connection.close()
        return rest
    }

    @Test func aHundredThousandHeaderFieldsAreTooMany() async throws {
        try await withService { client, _ in
            let fields = String(repeating: "X-A: b\r\n", count: 1000)
            let rest = try await raw(
                client, ["GET /healthz HTTP/1.1\r\nHost: h\r\n"] + Array(repeating: fields, count: 100) + ["\r\n"])
            #expect(rest.httpStatus == 431)
            #expect(rest.contains("urn:dripline:problem:headers-too-large"))
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test func aLongFieldIsTooLong() async throws {
        try await withService { client, _ in
            let value = String(repeating: "a", count: 40_000)
            let field = try await raw(client, ["GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: \(value)\r\n\r\n"])
            #expect(field.httpStatus == 431)
            let path = try await raw(client, ["GET /\(value) HTTP/1.1\r\nHost: h\r\n\r\n"])
            #expect(path.httpStatus == 431)
            let method = try await raw(client, [String(repeating: "A", count: 40_000)])
            #expect(method.httpStatus == 400)
        }
    }

    /// One that says how long it is, and one that does not.
    @Test func tenMegabytesOfBodyAreTooLong() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let token = try await client.tokens.token(of: TestClinic.nurse, at: clinic.name)
            let head = "POST \(Self.events) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            let megabyte = String(repeating: " ", count: 1 << 20)
            let declared = try await raw(client, [head + "Content-Length: \(10 << 20)\r\n\r\n"] + Array(repeating: megabyte, count: 10))
            #expect(declared.httpStatus == 413, "\(declared)")
            #expect(declared.contains("urn:dripline:problem:body-too-large"))
            let chunk = "100000\r\n\(megabyte)\r\n"
            let chunked = try await raw(
                client, [head + "Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: chunk, count: 10) + ["0\r\n\r\n"])
            #expect(chunked.httpStatus == nil || chunked.httpStatus == 413, "\(chunked)")
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    private static let hostile: [(name: String, text: String)] = [
        ("deep and open", String(repeating: "[", count: 10_000)),
        ("deep", String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)),
        ("deep objects", String(repeating: #"{"a":"#, count: 10_000)), ("1e400", #"{"command":1e400}"#), ("-1e400", #"{"command":-1e400}"#),
        ("1e-400000000000", #"{"command":1e-400000000000}"#), ("a long array", "[" + String(repeating: "0,", count: 500_000) + "0]"),
        ("many arrays", "[" + String(repeating: "[0,0,0,0,0,0,0,0,0],", count: 9000) + "0]"), ("a key twice", #"{"a":1,"a":2}"#),
        ("half a surrogate", #""\ud800""#), ("half a word", "nul"), ("nothing", ""),
        ("a byte order mark", "\u{FEFF}{}"), ("a zero byte", "\0"),
        ("a long text", #"{"command":"\#(String(repeating: "a", count: 1 << 20))"}"#),
    ]

    @Test func hostileJSONIsRefused() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            for (name, text) in Self.hostile {
                let answer = try await client.post(Self.events, Data(text.utf8), by: TestClinic.nurse)
                #expect((400..<500).contains(answer.status), "\(name): \(answer.status)")
                #expect(try answer.problem != nil, "\(name)")
                #expect(answer.body.count < 16_384, "\(name)")
            }
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    private static let wide: [(text: String, bound: String)] = [
        ("[" + String(repeating: "0,", count: 10_000) + "0]", "an array of more than 10000 elements"),
        ("{" + (0...10_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}", "an object of more than 10000 members"),
        (
            "[" + String(repeating: "[" + String(repeating: "0,", count: 23) + "0],", count: 9000) + "0]",
            "a text of more than 200000 values"
        ),
    ]

    /// In a body that is within its bound on bytes.
    @Test func elementsAndValuesAreBounded() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            for (text, bound) in Self.wide {
                let answer = try await client.post(Self.events, Data(text.utf8), by: TestClinic.nurse)
                #expect(answer.status == 400)
                #expect(try answer.json["detail"]?.text?.contains(bound) == true, "\(bound)")
            }
            // A sign-in is shorter than that.
            #expect(try await client.post("/v1/signin", Data(Self.wide[0].text.utf8), by: nil).status == 413)
        }
    }

    @Test func tooManyRequestsFromAnAddressAreRefusedAndOthersServed() async throws {
        var options = HTTPOptions()
        options.limits.addressRate = Rate(perSecond: 1, burst: 5)
        try await withService(options: options) { client, _ in
            let statuses = try await Self.atOnce(40) { try await client.get("/healthz").status }
            #expect(statuses.count { $0 == 200 } >= 5 && statuses.contains(429))
            let refused = try await client.get("/healthz")
            if refused.status == 429 {
                #expect(try refused.problem == "too-many-requests")
                #expect(Int(refused.headers["retry-after"] ?? "") ?? 0 >= 1)
            }
            let other = try await RawConnection.open(port: client.port, from: "127.0.0.2")
            await other.send("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await other.rest().httpStatus == 200)
        }
    }

    @Test func tooManyRequestsByAnAccountAreRefusedAndOthersServed() async throws {
        var options = HTTPOptions.unhurried
        options.limits.accountRate = Rate(perSecond: 1, burst: 5)
        try await withService(options: options) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let statuses = try await Self.atOnce(40) { try await client.get("/v1/me", by: TestClinic.nurse).status }
            #expect(statuses.count { $0 == 200 } >= 5 && statuses.contains(429))
            #expect(try await client.get("/v1/me", by: TestClinic.desk).status == 200)
        }
    }

    private static func atOnce(_ count: Int, _ body: @escaping @Sendable () async throws -> Int) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count { group.addTask { try await body() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// A connection that has been served: so it was counted before what is opened next.
    private static func served(_ client: HTTPClient, from source: String) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: client.port, from: source)
        await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try await connection.answer().httpStatus == 200)
        return connection
    }

    /// Who is over the limit is told so, also before a request.
    @Test func connectionsAreBoundedByAddressAndAltogether() async throws {
        var options = HTTPOptions()
        options.limits.connections = 6
        options.limits.connectionsPerAddress = 4
        try await withService(options: options) { client, _ in
            var held: [RawConnection] = []
            for _ in 0..<4 { held.append(try await Self.served(client, from: "127.0.0.3")) }
            let fifth = try await RawConnection.open(port: client.port, from: "127.0.0.3")
            let refusal = try await fifth.rest()
            #expect(refusal.httpStatus == 503)
            #expect(refusal.lowercased().contains("retry-after: 1"))
            for last in 4...5 { held.append(try await Self.served(client, from: "127.0.0.\(last)")) }
            #expect(try await RawConnection.open(port: client.port, from: "127.0.0.6").rest().httpStatus == 503)
            for connection in held { await connection.close() }
            // Room comes back with the connections that go.
            let deadline = ContinuousClock.now + .seconds(30)
            var status: Int?
            while status != 200, ContinuousClock.now < deadline {
                let again = try await RawConnection.open(port: client.port, from: "127.0.0.3")
                await again.send("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                status = try await again.rest().httpStatus
            }
            #expect(status == 200)
        }
    }
}

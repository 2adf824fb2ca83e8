import Canonical
import Foundation
import FoundationNetworking

/// A client of the service under test.
struct HTTPClient: Sendable {
    let port: Int
    /// Whose bearer tokens are sent.
    let tokens: TestTokens
    /// The clinic whose staff ask.
    var clinic = "hickory"

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data

        var json: JSON { get throws { try JSON.parse(body) } }
        var contentType: String? { headers["content-type"] }

        /// The slug of problem details, after it has been held to their form.
        var problem: String? {
            get throws {
                guard contentType == "application/problem+json" else { return nil }
                let json = try json
                guard case .string(let type)? = json["type"], type.hasPrefix("urn:dripline:problem:"),
                    json["status"] == .number(JSONNumber(status)),
                    case .string(let title)? = json["title"], !title.isEmpty, case .string(let detail)? = json["detail"], !detail.isEmpty
                else { return nil }
                return String(type.dropFirst("urn:dripline:problem:".count))
            }
        }

        var pointers: [String] {
            get throws {
                guard case .array(let errors)? = try json["errors"] else { return [] }
                return errors.compactMap { $0["pointer"]?.asString }
            }
        }
    }

    /// The first answer of 200 on `/readyz`, or the last one when it takes too long.
    @discardableResult
    func waitUntilReady() async throws -> Answer {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let answer = try await get("/readyz")
            if answer.status == 200 || ContinuousClock.now > deadline { return answer }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// - Parameter actor: who asks, by their token; nil for nobody.
    func get(_ path: String, headers: [String: String] = [:], by actor: String? = TestClinic.administrator) async throws -> Answer {
        try await send("GET", path, headers: headers, by: actor)
    }

    func post(_ path: String, _ body: JSON, by actor: String?) async throws -> Answer {
        try await post(path, Data(body.canonical.utf8), by: actor)
    }

    func post(_ path: String, _ body: Data, by actor: String?) async throws -> Answer {
        try await send("POST", path, headers: ["Content-Type": "application/json"], body: body, by: actor)
    }

    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: Data? = nil,
        by actor: String? = TestClinic.administrator
    ) async throws -> Answer {
        var request = try await request(path, headers: headers, by: actor)
        request.httpMethod = method
        request.httpBody = body
        let (data, response) = try await Self.session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
        return Answer(status: response.statusCode, headers: headers, body: data)
    }

    /// Without a store of cookies, which would be one for all tests.
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        return URLSession(configuration: configuration)
    }()

    func request(
        _ path: String, headers: [String: String], by actor: String? = TestClinic.administrator
    ) async throws -> URLRequest {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { preconditionFailure("no path: \(path)") }
        var request = URLRequest(url: url)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let actor { request.setValue("Bearer \(try await tokens.token(of: actor, at: clinic))", forHTTPHeaderField: "Authorization") }
        return request
    }
}

extension JSON {
    var asString: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var asArray: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var asInt: Int64? {
        guard case .number(let number) = self else { return nil }
        return number.int64
    }
}

import Canonical
import Foundation
import FoundationNetworking

/// A client of the service under test.
struct HTTPClient: Sendable {
    let port: Int

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

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }

    func post(_ path: String, _ body: JSON, by actor: String?) async throws -> Answer {
        try await post(path, Data(body.canonical.utf8), by: actor)
    }

    func post(_ path: String, _ body: Data, by actor: String?) async throws -> Answer {
        var headers = ["Content-Type": "application/json"]
        if let actor { headers["Dripline-Actor"] = actor }
        return try await send("POST", path, headers: headers, body: body)
    }

    func send(_ method: String, _ path: String, headers: [String: String] = [:], body: Data? = nil) async throws -> Answer {
        var request = request(path, headers: headers)
        request.httpMethod = method
        request.httpBody = body
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
        return Answer(status: response.statusCode, headers: headers, body: data)
    }

    func request(_ path: String, headers: [String: String]) -> URLRequest {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { preconditionFailure("no path: \(path)") }
        var request = URLRequest(url: url)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
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

import Canonical
import Foundation
import Ledger
import Service
import Synchronization
import Testing

/// Somebody's browser: it keeps cookies, and says where its requests come from.
final class Browser: Sendable {
    private let client: HTTPClient
    private let jar = Mutex<[String: String]>([:])
    /// What it sends as `Sec-Fetch-Site`.
    let site: String

    private let headers: [String: String]

    /// - Parameter headers: sent with every request, by a proxy for instance.
    init(_ client: HTTPClient, site: String = "same-origin", headers: [String: String] = [:]) {
        self.client = client
        self.headers = headers
        self.site = site
    }

    var cookies: [String: String] {
        get { jar.withLock { $0 } }
        set { jar.withLock { $0 = newValue } }
    }

    func send(_ method: String, _ path: String, _ body: JSON? = nil, headers: [String: String] = [:]) async throws -> HTTPClient.Answer {
        var all = self.headers.merging(["Sec-Fetch-Site": site]) { $1 }
        if !cookies.isEmpty { all["Cookie"] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }
        if body != nil { all["Content-Type"] = "application/json" }
        all.merge(headers) { $1 }
        let answer = try await client.send(method, path, headers: all, body: body.map { Data($0.canonical.utf8) }, by: nil)
        for cookie in answer.cookies { jar.withLock { $0[cookie.name] = cookie.value.isEmpty ? nil : cookie.value } }
        return answer
    }

    /// Signs in; the answer is the caller's to judge.
    func signIn(
        _ staff: String, _ password: String, clinic: String = "hickory", more: [String: JSON] = [:]
    ) async throws -> HTTPClient.Answer {
        var body: [String: JSON] = ["clinic": .string(clinic), "staff": .string(staff), "password": .string(password)]
        body.merge(more) { $1 }
        return try await send("POST", "/v1/signin", .object(body))
    }
}

extension HTTPClient.Answer {
    struct Cookie {
        let name: String
        let value: String
        let attributes: [String]
    }

    /// URLSession joins the headers by commas; none of ours has one inside.
    var cookies: [Cookie] {
        headers["set-cookie", default: ""].split(separator: ",").compactMap { text in
            let parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let first = parts.first, let equals = first.firstIndex(of: "=") else { return nil }
            return Cookie(
                name: String(first[..<equals]), value: String(first[first.index(after: equals)...]), attributes: Array(parts.dropFirst()))
        }
    }
}

extension TestClinic {
    static let password = "plum tart with cream"

    /// What stands in the access log: type, author and reason or method.
    func accessLog(_ database: Database) async throws -> [String] {
        try await database.ledger.events(of: log.with(.access), EventQuery(limit: EventQuery.maximumLimit)).map { event in
            let data = try JSON.parse(event.payload ?? "{}")
            let detail = data["method"]?.text ?? data["reason"]?.text
            return "\(event.type) \(event.actor)" + (detail.map { " (\($0))" } ?? "")
        }
    }
}

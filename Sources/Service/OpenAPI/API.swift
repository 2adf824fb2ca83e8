import Canonical

/// Every operation of the API.
enum API {
    static let operations: [APIOperation] = recording + charts + compliance + reports + audits + logs + accounts + service

    /// By method and path, as the router tells them.
    static let byRoute = Dictionary(operations.map { ($0.route, $0) }) { first, _ in first }

    static let root = "/v1/clinics/{clinic}"
}

extension APIOperation.Answer {
    static func json(_ schema: JSON, _ description: String, status: Int = 200, tagged: Bool = false) -> Self {
        Self(
            status: status, description: description, content: ["application/json": schema],
            headers: tagged ? ["ETag": "Of what the answer rests on; for If-None-Match."] : [:])
    }

    static func text(_ description: String) -> Self { Self(description: description, content: ["text/plain": .anyText]) }

    static let notModified = Self(status: 304, description: "The client's copy is as it is.")
}

import Canonical
import HTTPTypes

/// One operation of the API as `/openapi.json` describes it. What it says is held to the code: a request with a parameter that is not here is refused,
/// tests hold the list to the router's routes, and answers to the schemas.
struct APIOperation: Sendable {
    enum Group: String, Sendable, CaseIterable {
        case events, charts, compliance, reports, audits, logs, accounts, service
    }

    let id: String
    let group: Group
    let method: HTTPRequest.Method
    /// With the names of its parameters in braces.
    let path: String
    let summary: String
    var detail: String?
    var parameters: [APIParameter] = []
    var body: Body?
    let answers: [Answer]
    /// Statuses of problem details, beside those that every operation of a clinic may answer with.
    var problems: [Int] = []
    /// Whether nobody need be signed in.
    var isOpen = false
    /// Links to other operations, for what an answer names.
    var links: [Link] = []

    struct Body: Sendable {
        let description: String
        let schema: JSON
        var media = "application/json"
    }

    struct Answer: Sendable {
        var status = 200
        let description: String
        /// By media type; none for an answer without a body.
        var content: [String: JSON] = [:]
        var headers: [String: String] = [:]
    }

    /// The value of an answer that is a parameter of another operation.
    struct Link: Sendable {
        let status: Int
        let name: String
        let operation: String
        /// APIParameter and runtime expression.
        let parameters: [String: String]
    }

    /// Method and path as the router tells them.
    var route: String { "\(method) \(path.replacing("/tile/{tile}", with: "/tile/**"))" }
}

/// A parameter of an operation.
struct APIParameter: Sendable {
    enum Place: String, Sendable {
        case path, query, header
    }

    let name: String
    let place: Place
    let description: String
    let schema: JSON
    var isRequired = false

    var json: JSON {
        [
            "name": .string(name), "in": .string(place.rawValue), "description": .string(description), "schema": schema,
            "required": .bool(isRequired || place == .path),
        ]
    }
}

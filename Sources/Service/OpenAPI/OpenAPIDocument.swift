import Canonical
import HTTPTypes

/// The OpenAPI 3.1 document of ``API``: made from the code, so that it tells of what is there.
enum OpenAPIDocument {
    static let json: JSON = [
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": [
            "title": "Dripline", "version": "1", "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            "description":
                "The clinical record of an infusion clinic, kept as an append-only log of events. Times are UTC with six decimals; ids are UUIDs; quantities are exact decimals with the unit in their name. Unknown parameters and members are refused. Errors are RFC 9457 problem details whose type is stable.",
        ],
        "servers": [["url": "/"]],
        "tags": .array(APIOperation.Group.allCases.map { ["name": .string($0.rawValue)] }),
        "paths": .object(paths),
        "components": [
            "schemas": .object(APISchemas.all),
            "securitySchemes": [
                "bearer": ["type": "http", "scheme": "bearer", "description": "A token of `dripline token new`, or of a session."]
            ],
        ],
    ]

    static let bytes = json.canonicalBytes

    private static var paths: [String: JSON] {
        var paths: [String: [String: JSON]] = [:]
        for operation in API.operations { paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = operation.json }
        return paths.mapValues { .object($0) }
    }
}

extension APIOperation {
    /// Statuses of problem details that any operation of a clinic may answer with, and what they mean.
    static let common: [Int: String] = [
        400: "A parameter or the body cannot be read.", 401: "Nobody is signed in.", 403: "It is not allowed.",
        404: "There is no such thing.",
        405: "The path does not know the method.", 429: "Too many requests.", 431: "The head is too large.",
        503: "Not now: come back after Retry-After.",
    ]
    private static let other: [Int: String] = [
        409: "The state of the record does not allow it.", 413: "The body is too long.",
        422: "The request is understood, and refused: a field, a limit or a gate.",
    ]

    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "operationId": .string(id), "tags": [.string(group.rawValue)], "summary": .string(summary), "responses": .object(responses),
        ]
        if path.hasPrefix("/v1/"), !isOpen { members["security"] = [["bearer": []]] }
        if let detail { members["description"] = .string(detail) }
        if !parameters.isEmpty { members["parameters"] = .array(parameters.map(\.json)) }
        if let body {
            members["requestBody"] = [
                "required": true, "description": .string(body.description), "content": .object([body.media: ["schema": body.schema]]),
            ]
        }
        return .object(members)
    }

    private var responses: [String: JSON] {
        var responses: [String: JSON] = [:]
        var statuses = problems
        if path.hasPrefix("/v1/") { statuses += Self.common.keys }
        for status in statuses {
            responses[String(status)] = [
                "description": .string(Self.common[status] ?? Self.other[status] ?? ""),
                "content": ["application/problem+json": ["schema": .ref("Problem")]],
            ]
        }
        for answer in answers { responses[String(answer.status)] = json(answer) }
        return responses
    }

    private func json(_ answer: Answer) -> JSON {
        var members: [String: JSON] = ["description": .string(answer.description)]
        if !answer.content.isEmpty { members["content"] = .object(answer.content.mapValues { ["schema": $0] }) }
        if !answer.headers.isEmpty {
            members["headers"] = .object(answer.headers.mapValues { ["description": .string($0), "schema": .anyText] })
        }
        let links = links.filter { $0.status == answer.status }
        if !links.isEmpty {
            members["links"] = .object(
                Dictionary(
                    uniqueKeysWithValues: links.map { link in
                        (
                            link.name,
                            [
                                "operationId": .string(link.operation),
                                "parameters": .object(link.parameters.mapValues { .string($0) }),
                            ] as JSON
                        )
                    }))
        }
        return .object(members)
    }
}

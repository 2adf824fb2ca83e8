import Canonical
import HTTPTypes

extension API {
    private static let log = root + "/log/{log}"

    static let logs: [APIOperation] = [
        APIOperation(
            id: "checkpoint", group: .logs, method: .get, path: log + "/checkpoint", summary: "The last checkpoint (C2SP tlog-checkpoint).",
            parameters: [.clinic, .logKind], answers: [.text("The signed note.")]),
        APIOperation(
            id: "proof", group: .logs, method: .get, path: log + "/proof", summary: "The proof of one event (C2SP tlog-proof).",
            parameters: [.clinic, .logKind, .query("position", "The event's position.", .integer(0), isRequired: true)],
            answers: [.text("The proof file.")], problems: [422]),
        APIOperation(
            id: "consistency", group: .logs, method: .get, path: log + "/consistency",
            summary: "The proof that the log only grew (RFC 9162).",
            parameters: [
                .clinic, .logKind, .query("from", "The smaller size.", .integer(0), isRequired: true),
                .query("to", "The larger size.", .integer(0), isRequired: true),
            ], answers: [.json(.ref("Consistency"), "The proof.")], problems: [422]),
        APIOperation(
            id: "tile", group: .logs, method: .get, path: log + "/tile/{tile}",
            summary: "A tile, or a bundle of entries (C2SP tlog-tiles).",
            parameters: [.clinic, .logKind, .path("tile", "Level and number, such as `0/x001/067`; it may hold slashes.", .anyText)],
            answers: [
                APIOperation.Answer(
                    description: "The bytes.",
                    content: ["application/octet-stream": ["type": "string", "contentMediaType": "application/octet-stream"]])
            ]),
    ]

    static let service: [APIOperation] = [
        APIOperation(
            id: "healthz", group: .service, method: .get, path: "/healthz", summary: "Whether the process lives.",
            answers: [.json(.ref("Health"), "It does.")]),
        APIOperation(
            id: "readyz", group: .service, method: .get, path: "/readyz", summary: "Whether it can serve.",
            answers: [.json(.ref("Health"), "It can."), .json(.ref("Health"), "It cannot, and which part is to blame.", status: 503)]),
        APIOperation(
            id: "readyPart", group: .service, method: .get, path: "/readyz/{part}", summary: "Whether one part is ready.",
            parameters: [.path("part", "The part.", .choice(Readiness.Part.allCases.map(\.rawValue)))],
            answers: [.json(.ref("Health"), "It is."), .json(.ref("Health"), "It is not.", status: 503)], problems: [404]),
        APIOperation(
            id: "metrics", group: .service, method: .get, path: "/metrics", summary: "What is measured, in Prometheus' text format.",
            answers: [.text("The metrics.")], problems: [403]),
        APIOperation(
            id: "description", group: .service, method: .get, path: "/openapi.json", summary: "This description.",
            answers: [.json(.anything, "OpenAPI 3.1.")]),
    ]
}

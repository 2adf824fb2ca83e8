import Canonical
import HTTPTypes

extension API {
    private static let filters: [APIParameter] = [.stream, .type, .log]

    static let recording: [APIOperation] = [
        APIOperation(
            id: "append", group: .events, method: .post, path: root + "/events", summary: "Record events.",
            detail: """
                One request, or an array of them in one commit, all or none. A command that is sent again is recorded once, and answers with its first \
                receipts. With `proof=wait` the answer waits for the checkpoint that covers the events and brings their proofs, for 3 s or as long as \
                `Prefer: wait` says, 10 s at most; what is recorded stays recorded when there is none by then.
                """,
            parameters: [
                .clinic, .query("proof", "Waits for each event's proof.", .choice(["wait"])), .prefer,
            ],
            body: .init(description: "A request, or an array of requests.", schema: ["anyOf": [.ref("AppendRequest"), .ref("Batch")]]),
            answers: [
                .json(recorded, "Recorded.", status: 201), .json(recorded, "All of it was recorded before: the first receipts."),
            ], problems: [409, 413, 422],
            links: [
                .init(
                    status: 201, name: "event", operation: "event",
                    parameters: ["clinic": "$request.path.clinic", "position": "$response.body#/events/0/position"]),
                .init(
                    status: 201, name: "proof", operation: "proof",
                    parameters: ["clinic": "$request.path.clinic", "position": "$response.body#/events/0/position"]),
            ]),
        APIOperation(
            id: "events", group: .events, method: .get, path: root + "/events", summary: "Events in the order of the log.",
            detail: "A page as JSON, or, with `Accept: application/x-ndjson`, a line an event up to the log's present end, however many.",
            parameters: [
                .clinic, .after, .cursor, .limit(ClinicRoutes.maximumPage),
                .query("until", "The older name of position.", .integer(0)),
            ] + filters + APIParameter.bounds,
            answers: [
                APIOperation.Answer(
                    description: "Events.",
                    content: [
                        "application/json": .page("events", .ref("Event"), ["next_after": .integer(1)]),
                        ClinicRoutes.ndjson: ["type": "string", "description": "An Event a line."],
                    ])
            ]),
        APIOperation(
            id: "event", group: .events, method: .get, path: root + "/events/{position}", summary: "One event.",
            parameters: [.clinic, .position, .log], answers: [.json(.ref("Event"), "The event.")]),
        APIOperation(
            id: "live", group: .events, method: .get, path: root + "/events/live", summary: "Events as they are recorded.",
            detail: """
                Server-sent events: each with its position as `id`, its type as `event`, and an Event as `data`. Comments keep the connection alive. A \
                client that does not read is cut off, and goes on after `Last-Event-ID`.
                """,
            parameters: [
                .clinic, .after,
                APIParameter(
                    name: "Last-Event-ID", place: .header, description: "The last position that the client has.", schema: .integer(0)),
            ] + filters, answers: [APIOperation.Answer(description: "A stream without end.", content: ["text/event-stream": .anyText])]),
    ]

    private static let recorded: JSON = ["anyOf": [.ref("Recorded"), .ref("BatchRecorded")]]
}

import Canonical
import HTTPTypes

extension API {
    private static let scope: [APIParameter] = [
        .query("from", "The first day, UTC.", .day), .query("to", "The last day, UTC, inclusive.", .day),
        .query("format", "How: stands above Accept.", .choice(["json", "markdown"])),
    ]

    static let audits: [APIOperation] = [
        APIOperation(
            id: "audits", group: .audits, method: .get, path: root + "/audits", summary: "What can be audited: the record's checkpoints.",
            parameters: [.clinic, .cursor, .limit(ClinicRoutes.maximumList)],
            answers: [.json(.page("audits", .ref("AuditPoint")), "Checkpoints, the newest first, each with the address of its report.")],
            links: [
                .init(
                    status: 200, name: "audit", operation: "audit",
                    parameters: ["clinic": "$request.path.clinic", "position": "$response.body#/audits/0/position"])
            ]),
        APIOperation(
            id: "latestAudit", group: .audits, method: .get, path: root + "/audits/latest", summary: "The report on all there is now.",
            parameters: [.clinic] + scope,
            answers: [
                APIOperation.Answer(
                    status: 303, description: "To the address with the positions, which stays good.", headers: ["Location": "The report."])
            ]),
        APIOperation(
            id: "audit", group: .audits, method: .get, path: root + "/audits/{position}",
            summary: "A report up to a position, from the stored bytes alone.",
            detail: """
                The same address gives the same bytes, also from `dripline audit` on an export. Making it takes its time: the answer waits 5 s for it, or as \
                long as `Prefer: wait` says, 25 s at most; then it is 202, and the same address has the report when it is done.
                """,
            parameters: [
                .clinic, .position, .query("access_position", "How far the access log is read; else to the same time.", .integer(0)),
                .prefer,
                .ifNoneMatch,
            ] + scope,
            answers: [
                APIOperation.Answer(
                    description: "The report.", content: ["application/json": .ref("Audit"), "text/markdown": .anyText],
                    headers: ["ETag": "Of the report."]), .notModified,
                APIOperation.Answer(
                    status: 202, description: "It is being made.", content: ["application/json": .ref("AuditPending")],
                    headers: ["Location": "Where it will be.", "Retry-After": "Seconds."]),
            ]),
    ]
}

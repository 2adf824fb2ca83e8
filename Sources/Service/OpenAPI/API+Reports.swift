import Canonical
import HTTPTypes

extension API {
    private static let paging: [APIParameter] = [.cursor, .limit(ClinicRoutes.maximumPage), .minPosition, .ifNoneMatch]
    private static let accessPaging: [APIParameter] = [
        .cursor, .limit(ClinicRoutes.maximumPage),
        .query("min_position", "Waits until the read model holds this position of the access log.", .integer(0)),
    ]

    private static func list(
        _ id: String, _ path: String, _ name: String, _ item: String, _ summary: String, _ parameters: [APIParameter] = [.from, .to],
        more: [String: JSON] = [:]
    ) -> APIOperation {
        APIOperation(
            id: id, group: .reports, method: .get, path: root + path, summary: summary, parameters: [.clinic] + parameters + paging,
            answers: [
                .json(.page(name, .ref(item), more.merging(["positions": .ref("Positions")]) { $1 }), summary, tagged: true), .notModified,
            ])
    }

    /// An account of access: a page as JSON, or the whole of it as CSV.
    private static func account(_ id: String, _ path: String, _ summary: String, _ parameters: [APIParameter]) -> APIOperation {
        let page = JSON.page("access", .ref("Access"), ["positions": .ref("Positions")])
        return APIOperation(
            id: id, group: .reports, method: .get, path: root + path, summary: summary,
            parameters: [.clinic] + parameters + [
                .query("actor", "Only what this member of staff did.", ["type": "string"]), .type, .from, .to,
                .query("format", "How: stands above Accept. CSV is the whole of it.", .choice(["json", "csv"])),
            ] + accessPaging,
            answers: [APIOperation.Answer(description: summary, content: ["application/json": page, "text/csv": .anyText])])
    }

    static let reports: [APIOperation] = [
        APIOperation(
            id: "reports", group: .reports, method: .get, path: root + "/reports", summary: "What reports there are.",
            parameters: [.clinic],
            answers: [.json(.members(["reports": .list(.ref("Report"))]), "Reports, with their columns.")],
            links: [
                .init(
                    status: 200, name: "report", operation: "report",
                    parameters: ["clinic": "$request.path.clinic", "name": "$response.body#/reports/0/name"])
            ]),
        APIOperation(
            id: "report", group: .reports, method: .get, path: root + "/reports/{name}", summary: "A report by its name.",
            detail: "A page as JSON, or the whole of it as CSV or NDJSON, as `format` or `Accept` say.",
            parameters: [
                .clinic, .path("name", "The name of the report.", .anyText),
                .query("format", "How: stands above Accept.", .choice(["json", "csv", "ndjson"])), .from, .to, .cursor,
                .limit(ClinicRoutes.maximumPage), .minPosition,
            ],
            answers: [
                APIOperation.Answer(
                    description: "Rows.",
                    content: ["application/json": .page("rows", .anything), "text/csv": .anyText, "application/x-ndjson": .anyText])
            ]),
        list("drugs", "/drugs", "drugs", "DrugVial", "The account of each vial."),
        list(
            "drug", "/drugs/{id}", "movements", "DrugMovement", "One vial's account and its movements.", [.id],
            more: ["vial": .ref("DrugVial")]),
        list("outcomes", "/outcomes", "outcomes", "OutcomeSeries", "What each plan's series of sessions brought.", [.patient, .from, .to]),
        APIOperation(
            id: "patientOutcomes", group: .reports, method: .get, path: root + "/patients/{id}/outcomes",
            summary: "How one patient fares.", parameters: [.clinic, .id, .minPosition, .ifNoneMatch],
            answers: [
                .json(
                    .members([
                        "patient": .uuid, "series": .list(.ref("OutcomeSeries")), "sessions": .list(.ref("OutcomeSession")),
                        "burdens": .list(.ref("OutcomeBurden")), "positions": .ref("Positions"),
                    ]), "Series, sessions, and the burden over time.", tagged: true), .notModified,
            ]),
        list("schedule", "/schedule", "visits", "Visit", "Every session that is booked or took place.", [.patient, .from, .to]),
        account("access", "/access", "Who saw what of whom, in the order of the access log.", [.patient]),
        account(
            "patientAccess", "/patients/{id}/access",
            "Who saw what of one patient, with the exports of the whole clinic, which may hold that patient too.", [.id]),
        APIOperation(
            id: "breakGlass", group: .reports, method: .get, path: root + "/break-glass", summary: "Every emergency access and its review.",
            parameters: [
                .clinic, .query("state", "open: only what waits for a review by somebody else.", .choice(["open", "all"])), .patient,
                .from, .to,
            ] + accessPaging,
            answers: [
                .json(.page("break_glass", .ref("BreakGlass"), ["positions": .ref("Positions")]), "Every emergency access and its review.")
            ]),
    ]
}

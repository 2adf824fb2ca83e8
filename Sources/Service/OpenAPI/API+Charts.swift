import Canonical
import HTTPTypes
import Projections

extension API {
    private static let positions: [String: JSON] = ["positions": .ref("Positions")]

    static let charts: [APIOperation] = [
        APIOperation(
            id: "patients", group: .charts, method: .get, path: root + "/patients", summary: "Patients by name.",
            parameters: [
                .clinic, .query("query", "A part of the name, the MRN, or the beginning of the id.", .anyText), .cursor,
                .limit(ClinicRoutes.maximumList), .minPosition, .ifNoneMatch,
            ] + APIParameter.bounds,
            answers: [.json(.page("patients", .ref("PatientSummary"), positions), "Patients.", tagged: true), .notModified],
            links: [
                .init(
                    status: 200, name: "chart", operation: "chart",
                    parameters: ["clinic": "$request.path.clinic", "id": "$response.body#/patients/0/patient"])
            ]),
        APIOperation(
            id: "chart", group: .charts, method: .get, path: root + "/patients/{id}/chart", summary: "A patient's chart.",
            parameters: [.clinic, .id, .minPosition, .ifNoneMatch] + APIParameter.bounds,
            answers: [.json(.ref("Chart"), "The chart.", tagged: true), .notModified]),
        APIOperation(
            id: "chartDiff", group: .charts, method: .get, path: root + "/patients/{id}/chart/diff",
            summary: "What a chart knew at two points.",
            parameters: [
                .clinic, .id, .query("from", "The earlier point: a position, or a time of knowledge.", pointSchema, isRequired: true),
                .query("to", "The later point.", pointSchema, isRequired: true), .at,
            ], answers: [.json(.ref("ChartDiff"), "The difference.")]),
        APIOperation(
            id: "sessions", group: .charts, method: .get, path: root + "/sessions", summary: "Sessions, the latest first.",
            parameters: [
                .clinic, .query("state", "Those in one state; active: arrived and not discharged.", .choice(SessionQuery.stateNames)),
                .patient, .cursor, .limit(ClinicRoutes.maximumList), .minPosition, .ifNoneMatch,
            ] + APIParameter.bounds,
            answers: [.json(.page("sessions", .ref("SessionSummary"), positions), "Sessions.", tagged: true), .notModified],
            links: [
                .init(
                    status: 200, name: "session", operation: "session",
                    parameters: ["clinic": "$request.path.clinic", "id": "$response.body#/sessions/0/session"])
            ]),
        APIOperation(
            id: "session", group: .charts, method: .get, path: root + "/sessions/{id}", summary: "A session with all its facts.",
            parameters: [.clinic, .id, .minPosition, .ifNoneMatch] + APIParameter.bounds,
            answers: [.json(.ref("Session"), "The session.", tagged: true), .notModified]),
    ]

    private static let pointSchema: JSON = ["anyOf": [.integer(0), .time]]

    static let compliance: [APIOperation] = [
        APIOperation(
            id: "compliance", group: .compliance, method: .get, path: root + "/compliance", summary: "What each rule says.",
            detail: "Rule A1 verifies both logs from their stored bytes, and is evaluated only where it is asked for by `rule=A1`.",
            parameters: [
                .clinic, .query("session", "Only verdicts on this session.", .uuid),
                .query("rule", "Only verdicts of this rule.", .choice(RuleSet.rules.map(\.id))),
                .query("verdict", "Only this verdict.", .choice(Verdict.allCases.map(\.rawValue))), .cursor,
                .limit(ClinicRoutes.maximumPage), .minPosition, .ifNoneMatch,
                .query("access_position", "Only what stands in the access log up to this position.", .integer(0)),
            ] + APIParameter.bounds,
            answers: [
                .json(
                    .page("verdicts", .ref("Verdict"), positions.merging(["rule_set": .anyText]) { $1 }), "Verdicts.", tagged: true),
                .notModified,
            ]),
        APIOperation(
            id: "rules", group: .compliance, method: .get, path: root + "/rules", summary: "The rules that are evaluated.",
            parameters: [.clinic], answers: [.json(.ref("RuleSet"), "The rule set.")]),
    ]
}

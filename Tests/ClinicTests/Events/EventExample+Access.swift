import Clinic

/// The access log.
extension EventExample {
    private static let id = "0198f7a2-0000-7000-8000-000000000001"

    static func access() throws -> [EventExample] {
        try [read(), export(), signIn(), signOut(), failure(), denial(), invocation(), review(), disclosure(), erasure()]
    }

    private static func read() throws -> EventExample {
        let data = #"{"patient":"\#(id)","resource":"chart","purpose":"treatment"}"#
        return try EventExample(
            .chartRead, minimal: data, full: data,
            Variant.uuid("/patient") + Variant.text("/resource", 200) + Variant.text("/purpose", 200))
    }

    private static func export() throws -> EventExample {
        try EventExample(
            .exportMade, minimal: #"{"resource":"audit"}"#,
            full: #"{"resource":"audit","format":"markdown","purpose":"State survey","patient":"\#(id)"}"#,
            [
                Variant.text("/resource", 200), Variant.text("/format", 64), Variant.text("/purpose", 200), Variant.uuid("/patient"),
            ].flatMap { $0 })
    }

    private static func signIn() throws -> EventExample {
        try EventExample(
            .signedIn, minimal: "{}", full: #"{"method":"password"}"#,
            Variant.choice("/method", ["password", "token", "oidc", "local", "other"]))
    }

    private static func signOut() throws -> EventExample {
        try EventExample(
            .signedOut, minimal: "{}", full: #"{"reason":"expired"}"#, Variant.choice("/reason", ["request", "expired", "revoked"]))
    }

    private static func failure() throws -> EventExample {
        try EventExample(.signInFailed, minimal: "{}", full: #"{"reason":"wrong password"}"#, Variant.text("/reason", 200))
    }

    private static func denial() throws -> EventExample {
        try EventExample(
            .accessDenied, minimal: #"{"resource":"chart"}"#,
            full: #"{"resource":"chart","reason":"no role","patient":"\#(id)"}"#,
            Variant.text("/resource", 200) + Variant.text("/reason", 200) + Variant.uuid("/patient"))
    }

    private static func invocation() throws -> EventExample {
        let data = #"{"patient":"\#(id)","reason":"Patient collapsed"}"#
        return try EventExample(
            .breakGlassInvoked, minimal: data, full: data, Variant.uuid("/patient") + Variant.text("/reason", 4_000, lines: true))
    }

    private static func review() throws -> EventExample {
        try EventExample(
            .breakGlassReviewed, minimal: #"{"invocation":"\#(id)","outcome":"justified"}"#,
            full: #"{"invocation":"\#(id)","outcome":"not_justified","note":"Was off duty"}"#,
            [
                Variant.uuid("/invocation"), Variant.choice("/outcome", ["justified", "not_justified"]),
                Variant.text("/note", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func erasure() throws -> EventExample {
        let data = """
            {"patient":"\(id)","authority":"Retention ended","legal_order":false,"approved_by":["cora","dora"],"last_care_on":"2016-03-02",\
            "retained_through":2023,"positions":[{"from":3,"to":7},{"from":9,"to":9}]}
            """
        return try EventExample(
            .payloadErased, minimal: data, full: data,
            [
                Variant.uuid("/patient"), Variant.text("/authority", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func disclosure() throws -> EventExample {
        try EventExample(
            .disclosureMade,
            minimal: #"{"patient":"\#(id)","recipient":"Dr Moss","description":"Chart","purpose":"Referral"}"#,
            full: """
                {"patient":"\(id)","recipient":"Dr Moss","recipient_address":"2 Oak St, Durham","description":"Chart","purpose":"Referral"}
                """,
            [
                Variant.uuid("/patient"), Variant.text("/recipient", 200), Variant.text("/recipient_address", 200),
                Variant.text("/description", 4_000, lines: true), Variant.text("/purpose", 4_000, lines: true),
            ].flatMap { $0 })
    }
}

import Clinic

/// The account of a controlled drug.
extension EventExample {
    private static let id = "0198f7a2-0000-7000-8000-000000000001"

    static func vial() throws -> [EventExample] {
        try [receipt(), dispensing(), waste(), returning(), count(), loss()]
    }

    private static func receipt() throws -> EventExample {
        try EventExample(
            .drugReceived,
            minimal: """
                {"drug":"ketamine","form":"injection","lot":"L-1","concentration_mg_per_ml":50,"volume_ml":10,"expires_on":"2027-12-31",
                "supplier":"Carolina Medical"}
                """,
            full: """
                {"drug":"ketamine","form":"injection","lot":"L-1","ndc":"0143-9508-10","concentration_mg_per_ml":50,"volume_ml":10,
                "expires_on":"2027-12-31","supplier":"Carolina Medical","invoice":"I-9"}
                """,
            [
                Variant.text("/drug", 200), Variant.text("/form", 200), Variant.text("/lot", 64), Variant.text("/ndc", 64),
                Variant.bounds("/concentration_mg_per_ml", out: ["0", "-1", "100.001"], in: ["0.001", "100"]),
                Variant.bounds("/volume_ml", out: ["0", "1000.001", #""10""#], in: ["0.001", "1000"]), Variant.date("/expires_on"),
                Variant.text("/supplier", 200), Variant.text("/invoice", 64),
            ].flatMap { $0 })
    }

    private static func dispensing() throws -> EventExample {
        let data = #"{"session":"\#(id)","patient":"\#(id)","drawn_mg":70,"to":"rn.diaz"}"#
        return try EventExample(
            .drugDispensed, minimal: data, full: data,
            [
                Variant.uuid("/session"), Variant.uuid("/patient"),
                Variant.bounds("/drawn_mg", out: ["0", "-70", "100000.001", "70.0001", "null"], in: ["0.001", "100000"]),
                Variant.handle("/to"),
            ].flatMap { $0 })
    }

    private static func waste() throws -> EventExample {
        try EventExample(
            .drugWasted,
            minimal: #"{"amount_mg":40,"manner":"sharps container"}"#,
            full: #"{"amount_mg":40,"manner":"sharps container","witness":"dr.lin","session":"\#(id)"}"#,
            [
                Variant.bounds("/amount_mg", out: ["0", "-40", "100000.001", "40.0001"], in: ["0.001", "100000"]),
                Variant.text("/manner", 200), Variant.handle("/witness"), Variant.uuid("/session"),
            ].flatMap { $0 })
    }

    private static func returning() throws -> EventExample {
        let data = #"{"amount_mg":400}"#
        return try EventExample(
            .drugReturned, minimal: data, full: data,
            Variant.bounds("/amount_mg", out: ["0", "-1", "100000.001", "null"], in: ["0.001", "100000"]))
    }

    private static func count() throws -> EventExample {
        try EventExample(
            .vialCounted, minimal: #"{"on_hand_mg":430}"#, full: #"{"on_hand_mg":430,"witness":"dr.lin"}"#,
            Variant.bounds("/on_hand_mg", out: ["-0.001", "100000.001"], in: ["0", "100000"]) + Variant.handle("/witness"))
    }

    private static func loss() throws -> EventExample {
        try EventExample(
            .drugLossReported,
            minimal: #"{"amount_mg":5,"note":"Dropped"}"#, full: #"{"amount_mg":5,"form_106":"106-2026-7","note":"Dropped"}"#,
            [
                Variant.bounds("/amount_mg", out: ["0", "-5", "100000.001"], in: ["0.001", "100000"]), Variant.text("/form_106", 64),
                Variant.text("/note", 4_000, lines: true),
            ].flatMap { $0 })
    }
}

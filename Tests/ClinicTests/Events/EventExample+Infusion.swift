import Clinic

extension EventExample {
    private static let id = "0198f7a2-0000-7000-8000-000000000001"

    static func infusion() throws -> [EventExample] {
        try [start(), adjustment(), bolus(), stop(), vitals(), observation(), resolution(), medication()]
    }

    private static func start() throws -> EventExample {
        try EventExample(
            .infusionStarted,
            minimal: """
                {"drug":"ketamine","vial":"\(id)","concentration_mg_per_ml":1,"rate_mg_per_h":24.5,"planned_min":60,"prescriber":"dr.lin"}
                """,
            full: """
                {"drug":"ketamine","vial":"\(id)","concentration_mg_per_ml":1,"rate_mg_per_h":24.5,"bolus_mg":7,"pump":"P-12",
                "planned_min":60,
                "prescriber":"dr.lin"}
                """,
            [
                Variant.text("/drug", 200), Variant.uuid("/vial"),
                Variant.bounds("/concentration_mg_per_ml", out: ["0", "-1", "100.001"], in: ["0.001", "100"]),
                Variant.bounds("/rate_mg_per_h", out: ["-0.001", "700.001", "24.5001", "1e300"], in: ["0", "700", "24.500"]),
                Variant.bounds("/bolus_mg", out: ["-0.001", "350.001", "null"], in: ["0", "350"]),
                Variant.text("/pump", 64), Variant.bounds("/planned_min", out: ["0", "1441", "0.5"], in: ["1", "1440"]),
                Variant.handle("/prescriber"),
            ].flatMap { $0 })
    }

    private static func adjustment() throws -> EventExample {
        try EventExample(
            .doseAdjusted,
            minimal: #"{"from_rate_mg_per_h":24.5,"to_rate_mg_per_h":30,"reason":"titration","ordered_by":"dr.lin"}"#,
            full: #"{"from_rate_mg_per_h":24.5,"to_rate_mg_per_h":0,"reason":"pause","ordered_by":"dr.lin","note":"Dizzy"}"#,
            [
                Variant.bounds("/from_rate_mg_per_h", out: ["-0.001", "700.001", #""24.5""#], in: ["0", "700"]),
                Variant.bounds("/to_rate_mg_per_h", out: ["-0.001", "700.001", "null"], in: ["0", "700"]),
                Variant.choice("/reason", ["titration", "side_effect", "vitals", "patient_request", "pause", "resume", "other"]),
                Variant.handle("/ordered_by"), Variant.text("/note", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func stop() throws -> EventExample {
        let data = #"{"reason":"complete","total_mg":35,"total_ml":35.25}"#
        return try EventExample(
            .infusionStopped, minimal: data, full: data,
            [
                Variant.choice("/reason", ["complete", "adverse_event", "patient_request", "equipment", "other"]),
                Variant.bounds("/total_mg", out: ["-0.001", "100000.001"], in: ["0", "100000"]),
                Variant.bounds("/total_ml", out: ["-0.001", "100000.001"], in: ["0", "100000"]),
            ].flatMap { $0 })
    }

    private static func vitals() throws -> EventExample {
        try EventExample(
            .vitalsRecorded,
            minimal: #"{"phase":"infusion","pain_nrs":0,"source":"manual"}"#,
            full: """
                {"phase":"infusion","heart_rate":82,"systolic_mmhg":131,"diastolic_mmhg":84,"map_mmhg":101.5,"spo2_percent":97,
                "respiratory_rate":14,"temperature_c":36.8,"pain_nrs":4,"moaas":5,"rass":0,"oxygen_l_per_min":2,"source":"device",
                "device":"M-4","absent":{"etco2_mmhg":"no cannula"}}
                """,
            [
                Variant.choice("/phase", ["baseline", "infusion", "recovery", "discharge"]),
                Variant.choice("/source", ["manual", "device"]),
                Variant.bounds("/heart_rate", out: ["0", "-1", "300", "82.0001", #""82""#, "null"], in: ["0.001", "299.999", "8.2e1"]),
                Variant.bounds("/systolic_mmhg", out: ["0", "400", "84"], in: ["399.999", "101.5"]),
                Variant.refused("/systolic_mmhg", "101.499", "84.001", at: "/map_mmhg"),
                Variant.bounds("/diastolic_mmhg", out: ["0", "300"], in: ["0.001", "101.5"]),
                Variant.refused("/diastolic_mmhg", "101.501", at: "/map_mmhg"),
                Variant.bounds("/map_mmhg", out: ["0", "300", "83.999", "131.001"], in: ["84", "131"]),
                Variant.bounds("/spo2_percent", out: ["0", "100.001", "-97"], in: ["0.001", "100"]),
                Variant.bounds("/respiratory_rate", out: ["0", "70"], in: ["0.001", "69.999"]),
                etco2, Variant.bounds("/temperature_c", out: ["10", "50", "0"], in: ["10.001", "49.999"]),
                Variant.bounds("/pain_nrs", out: ["-1", "11", "3.5"], in: ["0", "10"]),
                Variant.bounds("/moaas", out: ["-1", "6"], in: ["0", "5"]),
                Variant.bounds("/rass", out: ["-6", "5"], in: ["-5", "4"]),
                Variant.bounds("/oxygen_l_per_min", out: ["-0.001", "15.001"], in: ["0", "15"]), Variant.text("/device", 200),
                Variant.text("/absent/etco2_mmhg", 200), Variant.refused("/absent", "[]", "null"), Variant.accepted("/absent", "{}"),
                Variant.refused("/absent/heart_rate", #""probe off""#), Variant.refused("/absent/glucose", #""no strip""#),
                Variant.refused("/heart_rates", "82"),
            ].flatMap { $0 })
    }

    /// The full example explains it as absent, so the explanation goes when the value comes.
    private static let etco2: [Variant] =
        ["-0.001", "150.001"].map { Variant(changes: [("/absent", nil), ("/etco2_mmhg", $0)], problem: "/etco2_mmhg") }
        + ["0", "150"].map { Variant(changes: [("/absent", nil), ("/etco2_mmhg", $0)], problem: nil) }

    private static let effects = [
        "dissociation", "hallucination", "drowsiness", "dizziness", "vertigo", "nausea", "vomiting", "hypertension", "hypotension",
        "tachycardia",
        "bradycardia", "nystagmus", "diplopia", "blurred_vision", "anxiety", "agitation", "headache", "hypoxaemia", "apnoea",
        "laryngospasm",
        "hypersalivation", "paraesthesia", "flushing", "urticaria", "anaphylaxis", "iv_site_reaction", "other",
    ]

    private static func observation() throws -> EventExample {
        try EventExample(
            .sideEffectObserved,
            minimal: #"{"effect":"nausea","grade":2,"relatedness":"probable","action":"none"}"#,
            full: """
                {"effect":"other","grade":2,"onset_at":"2026-11-22T15:30:00Z","relatedness":"probable","action":"slowed",
                "note":"Metallic taste"}
                """,
            [
                Variant.choice("/effect", effects), Variant.bounds("/grade", out: ["0", "6", "2.5", #""2""#], in: ["1", "5"]),
                Variant.time("/onset_at"), Variant.choice("/relatedness", ["unrelated", "possible", "probable", "definite"]),
                Variant.choice("/action", ["none", "slowed", "paused", "stopped", "medication", "oxygen", "other"]),
                Variant.text("/note", 4_000, lines: true), Variant.refused("/note", nil),
                [Variant(changes: [("/effect", #""nausea""#), ("/note", nil)], problem: nil)],
            ].flatMap { $0 })
    }

    private static func resolution() throws -> EventExample {
        try EventExample(
            .sideEffectResolved,
            minimal: #"{"effect":"nausea","observed":"\#(id)"}"#,
            full: #"{"effect":"nausea","observed":"\#(id)","note":"After ondansetron"}"#,
            Variant.choice("/effect", effects) + Variant.uuid("/observed") + Variant.text("/note", 4_000, lines: true))
    }

    private static func bolus() throws -> EventExample {
        let data = #"{"dose_mg":7,"over_min":2.5,"reason":"Pain 8 of 10","ordered_by":"dr.lin"}"#
        return try EventExample(
            .bolusGiven, minimal: data, full: data,
            [
                Variant.bounds("/dose_mg", out: ["0", "-7", "350.001", "0.0001", #""7""#], in: ["0.001", "350"]),
                Variant.bounds("/over_min", out: ["-0.001", "60.001", "null"], in: ["0", "60"]),
                Variant.text("/reason", 4_000, lines: true), Variant.handle("/ordered_by"),
            ].flatMap { $0 })
    }

    private static func medication() throws -> EventExample {
        let data = #"{"drug":"oxygen","dose":2,"unit":"L_per_min","route":"inhaled","indication":"SpO2 91 %","ordered_by":"dr.lin"}"#
        return try EventExample(
            .medicationGiven, minimal: data, full: data,
            [
                Variant.text("/drug", 200), Variant.bounds("/dose", out: ["0", "-2", "100000.001", #""2""#], in: ["0.001", "100000"]),
                Variant.choice("/unit", ["mg", "mcg", "mL", "L_per_min"]),
                Variant.choice("/route", ["iv", "im", "po", "sl", "inhaled", "in"]), Variant.text("/indication", 200),
                Variant.handle("/ordered_by"),
            ].flatMap { $0 })
    }
}

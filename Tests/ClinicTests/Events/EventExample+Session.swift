import Clinic

extension EventExample {
    private static let id = "0198f7a2-0000-7000-8000-000000000001"

    static func session() throws -> [EventExample] {
        try [
            booking(), cancellation(), arrival(), assessment(), driver(), exemption(), insertion(), failedAttempt(), removal(), recovery(),
            order(), discharge(), note(), waiver(),
        ]
    }

    private static func booking() throws -> EventExample {
        try EventExample(
            .sessionBooked,
            minimal: #"{"patient":"\#(id)","number":1,"scheduled_at":"2026-11-22T15:30:00Z","duration_min":120}"#,
            full: #"{"patient":"\#(id)","plan":"\#(id)","number":1,"scheduled_at":"2026-11-22T15:30:00Z","duration_min":120,"chair":"3"}"#,
            [
                Variant.uuid("/patient"), Variant.uuid("/plan"), Variant.bounds("/number", out: ["0", "1001", "1.5"], in: ["1", "1000"]),
                Variant.time("/scheduled_at"), Variant.bounds("/duration_min", out: ["0", "1441"], in: ["1", "1440"]),
                Variant.text("/chair", 64),
            ].flatMap { $0 })
    }

    private static func arrival() throws -> EventExample {
        try EventExample(
            .patientArrived,
            minimal: #"{"patient":"\#(id)","weight_kg":70}"#,
            full: """
                {"patient":"\(id)","weight_kg":70.5,"height_cm":168,"last_clear_liquid_at":"2026-11-22T12:00:00Z",
                "last_light_meal_at":"2026-11-22T08:00:00Z","last_heavy_meal_at":"2026-11-21T20:00:00-05:00"}
                """,
            [
                Variant.uuid("/patient"),
                Variant.bounds("/weight_kg", out: ["19.999", "350.001", "0", "-70", "70.0001", #""70""#], in: ["20", "350", "20.001"]),
                Variant.bounds("/height_cm", out: ["89.999", "250.001", "null"], in: ["90", "250"]),
                Variant.time("/last_clear_liquid_at"), Variant.time("/last_light_meal_at"), Variant.time("/last_heavy_meal_at"),
            ].flatMap { $0 })
    }

    private static func driver() throws -> EventExample {
        try EventExample(
            .driverConfirmed,
            minimal: #"{"name":"Ben Okafor","relationship":"brother","adult":true,"method":"in_person","stage":"release"}"#,
            full:
                #"{"name":"Ben Okafor","relationship":"brother","adult":true,"method":"phone","stage":"expected","phone":"919 555 0101"}"#,
            [
                Variant.text("/name", 200), Variant.text("/relationship", 200), Variant.flag("/adult"),
                Variant.choice("/method", ["in_person", "phone"]), Variant.choice("/stage", ["expected", "release"]),
                Variant.text("/phone", 64),
            ].flatMap { $0 })
    }

    private static let sites = ["antecubital_fossa", "forearm", "wrist", "hand", "upper_arm"]

    private static func insertion() throws -> EventExample {
        let data = #"{"site":"forearm","side":"left","gauge":22,"attempts":1,"patent":true}"#
        return try EventExample(
            .ivInserted, minimal: data, full: data,
            [
                Variant.choice("/site", sites), Variant.choice("/side", ["left", "right"]),
                Variant.bounds("/gauge", out: ["13", "15", "27", "28", #""22""#], in: ["14", "16", "18", "20", "22", "24", "26"]),
                Variant.bounds("/attempts", out: ["0", "6"], in: ["1", "5"]), Variant.flag("/patent"),
            ].flatMap { $0 })
    }

    private static func removal() throws -> EventExample {
        try EventExample(
            .ivRemoved,
            minimal: #"{"site":"forearm","side":"left","intact":true}"#,
            full: #"{"site":"forearm","side":"left","intact":false,"reason":"swelling"}"#,
            [
                Variant.choice("/site", sites), Variant.choice("/side", ["left", "right"]), Variant.flag("/intact"),
                Variant.text("/reason", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func recovery() throws -> EventExample {
        try EventExample(
            .recoveryScored,
            minimal: #"{"scale":"padss","items":{"vital_signs":2,"activity":2,"nausea_vomiting":2,"pain":1,"iv_site":2},"total":9}"#,
            full: #"{"scale":"aldrete","items":{"activity":2,"respiration":2,"circulation":2,"consciousness":1,"oxygen":2},"total":9}"#,
            [
                Variant.refused("/scale", #""apgar""#, "1"),
                // The other scale has other items: three are missing, three unknown, and only the total can be compared.
                [Variant(changes: [("/items/activity", "1"), ("/total", "8")], problem: nil)],
                Variant.refused("/items/activity", "3", "-1", "1.5", nil), Variant.refused("/items/pain", "2"),
                Variant.refused("/items", "[]", "null", nil), Variant.refused("/total", "8", "10", "11", "-1", nil),
                Variant.refused("/items/oxygen", "1", "0", at: "/total"),
            ].flatMap { $0 })
    }

    private static func order() throws -> EventExample {
        try EventExample(
            .dischargeOrdered, minimal: #"{"by":"dr.lin"}"#, full: #"{"by":"dr.lin","note":"Home with brother"}"#,
            Variant.handle("/by") + Variant.text("/note", 4_000, lines: true))
    }

    private static func discharge() throws -> EventExample {
        try EventExample(
            .discharged,
            minimal: #"{"instructions_version":"2026-1","condition":"stable"}"#,
            full: #"{"instructions_version":"2026-1","condition":"stable","released_to":"Ben Okafor"}"#,
            Variant.text("/instructions_version", 64) + Variant.text("/condition", 4_000, lines: true) + Variant.text("/released_to", 200))
    }

    private static func note() throws -> EventExample {
        let data = #"{"text":"Resting.\nNo complaints."}"#
        return try EventExample(.noteRecorded, minimal: data, full: data, Variant.text("/text", 4_000, lines: true))
    }

    private static func cancellation() throws -> EventExample {
        let data = #"{"reason":"Has a cold"}"#
        return try EventExample(.sessionCancelled, minimal: data, full: data, Variant.text("/reason", 4_000, lines: true))
    }

    private static func assessment() throws -> EventExample {
        try EventExample(
            .preInfusionAssessed,
            minimal: #"{"pain_nrs":7,"oriented":true}"#,
            full: #"{"pain_nrs":7,"oriented":false,"pregnancy_test":"not_applicable","note":"Drowsy"}"#,
            [
                Variant.bounds("/pain_nrs", out: ["-1", "11", "7.5", "null"], in: ["0", "10"]), Variant.flag("/oriented"),
                Variant.choice("/pregnancy_test", ["negative", "positive", "not_applicable", "declined"]),
                Variant.text("/note", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func exemption() throws -> EventExample {
        let data = #"{"reason":"Lives next door","by":"dr.lin"}"#
        return try EventExample(
            .driverExempted, minimal: data, full: data, Variant.text("/reason", 4_000, lines: true) + Variant.handle("/by"))
    }

    private static func failedAttempt() throws -> EventExample {
        let data = #"{"site":"hand","side":"right","gauge":24,"reason":"Blown"}"#
        return try EventExample(
            .ivAttemptFailed, minimal: data, full: data,
            [
                Variant.choice("/site", sites), Variant.choice("/side", ["left", "right"]),
                Variant.bounds("/gauge", out: ["13", "15", "27"], in: ["14", "26"]), Variant.text("/reason", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func waiver() throws -> EventExample {
        let data = #"{"rule":"M1","reason":"Sleeps","from":"2026-11-22T15:30:00Z","to":"2026-11-22T16:00:00Z"}"#
        let late = "2099-01-01T00:00:00Z"
        return try EventExample(
            .waiverNoted, minimal: data, full: data,
            [
                Variant.bounds("/rule", out: [#""""#, #""m1""#, #""M""#, #""M123""#, #""M1 ""#, "1", "null"], in: [#""M1""#, #""X12""#]),
                Variant.text("/reason", 4_000, lines: true),
                Variant.bounds("/from", out: [#""2026-11-22""#, "null"], in: [#""2026-11-22T16:00:00Z""#]),
                Variant.refused("/from", "\"\(late)\"", at: "/to"), Variant.refused("/to", #""2026-11-22T15:29:59Z""#),
                Variant.accepted("/to", "\"\(late)\""),
            ].flatMap { $0 })
    }
}

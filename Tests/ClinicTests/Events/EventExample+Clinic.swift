import Clinic

extension EventExample {
    private static let id = "0198f7a2-0000-7000-8000-000000000001"

    static func clinic() throws -> [EventExample] {
        try [amendment(), void(), policy(), form(), enrolment(), revocation(), inventory()]
    }

    static func all() throws -> [EventExample] {
        try patient() + session() + infusion() + clinic() + vial() + access()
    }

    private static func amendment() throws -> EventExample {
        let data = #"{"target":"\#(id)","reason":"Typing slip","data":{"text":"Rested","odd":[1.50,null]}}"#
        let full = #"{"target":"\#(id)","reason":"Typing slip","data":{"text":"Rested","odd":[1.50,null]},"data_version":1}"#
        return try EventExample(
            .eventAmended, minimal: data, full: full,
            [
                Variant.uuid("/target"), Variant.text("/reason", 4_000, lines: true), Variant.refused("/data", "null", "[]", #""x""#, nil),
                Variant.accepted("/data", "{}"), Variant.bounds("/data_version", out: ["0", "32768", "1.5", "null"], in: ["1", "32767"]),
            ].flatMap { $0 })
    }

    private static func void() throws -> EventExample {
        let data = #"{"target":"\#(id)","reason":"Wrong patient"}"#
        return try EventExample(
            .eventVoided, minimal: data, full: data, Variant.uuid("/target") + Variant.text("/reason", 4_000, lines: true))
    }

    private static func policy() throws -> EventExample {
        try EventExample(
            .policyAdopted,
            minimal: #"{"version":"2026-1","effective_at":"2026-01-01T00:00:00Z"}"#,
            full: """
                {"version":"2026-1","effective_at":"2026-01-01T00:00:00Z","vitals_gap_min":5,"vitals_before_start_min":15,
                "clinician_gap_min":15,
                "acls_required":true,"vial_tolerance_mg":0.5,"dose_tolerance_percent":2,"waste_witness_required":true,
                "recovery_score_min":9,
                "recovery_min":30,"blood_pressure_tolerance_percent":20,"late_entry_h":24,"break_glass_review_days":3,
                "retention_years":7}
                """,
            [
                Variant.text("/version", 64), Variant.time("/effective_at"),
                Variant.bounds("/vitals_gap_min", out: ["0", "61", "5.5", "null"], in: ["1", "60"]),
                Variant.bounds("/vitals_before_start_min", out: ["0", "241"], in: ["1", "240"]),
                Variant.bounds("/clinician_gap_min", out: ["0", "241"], in: ["1", "240"]), Variant.flag("/acls_required"),
                Variant.bounds("/vial_tolerance_mg", out: ["-0.001", "100.001"], in: ["0", "100"]),
                Variant.bounds("/dose_tolerance_percent", out: ["-0.001", "100.001"], in: ["0", "100"]),
                Variant.flag("/waste_witness_required"),
                Variant.bounds("/recovery_score_min", out: ["-1", "11"], in: ["0", "10"]),
                Variant.bounds("/recovery_min", out: ["-1", "1441"], in: ["0", "1440"]),
                Variant.bounds("/blood_pressure_tolerance_percent", out: ["-0.001", "100.001"], in: ["0", "100"]),
                Variant.bounds("/late_entry_h", out: ["0", "8761"], in: ["1", "8760"]),
                Variant.bounds("/break_glass_review_days", out: ["0", "366"], in: ["1", "365"]),
                Variant.bounds("/retention_years", out: ["5", "101"], in: ["6", "100"]), Variant.refused("/vitals_gap", "5"),
            ].flatMap { $0 })
    }

    private static func form() throws -> EventExample {
        let data = #"{"form":"ketamine","version":"2026-1","text":"I understand\n\tthat …"}"#
        return try EventExample(
            .consentFormPublished, minimal: data, full: data,
            Variant.text("/form", 64) + Variant.text("/version", 64) + Variant.text("/text", 200_000, lines: true))
    }

    private static func enrolment() throws -> EventExample {
        try EventExample(
            .staffEnrolled,
            minimal: #"{"staff":"rn.diaz","name":"Rosa Diaz","roles":[]}"#,
            full: """
                {"staff":"rn.diaz","name":"Rosa Diaz","roles":["nurse","compliance"],"licence":"NC-1234","licence_expires_on":"2028-02-29",
                "acls_expires_on":"2027-06-30"}
                """,
            [
                Variant.handle("/staff"), Variant.text("/name", 200), Variant.refused("/roles", #"["nurse","nurse"]"#, #""nurse""#, nil),
                Variant.choice("/roles/0", ["nurse", "prescriber", "front_desk", "reporting", "administrator"]),
                Variant.text("/licence", 64),
                Variant.date("/licence_expires_on"), Variant.date("/acls_expires_on"),
            ].flatMap { $0 })
    }

    private static func revocation() throws -> EventExample {
        let data = #"{"staff":"rn.diaz","reason":"Moved away"}"#
        return try EventExample(
            .staffRevoked, minimal: data, full: data, Variant.handle("/staff") + Variant.text("/reason", 4_000, lines: true))
    }

    private static func inventory() throws -> EventExample {
        let other = "0198f7a2-0000-7000-8000-000000000002"
        return try EventExample(
            .inventoryTaken,
            minimal: #"{"taken_at":"2026-11-22T07:30:00Z","at":"open","lines":[]}"#,
            full: """
                {"taken_at":"2026-11-22T07:30:00Z","at":"open",
                "lines":[{"vial":"\(id)","on_hand_mg":430},{"vial":"\(other)","on_hand_mg":0}]}
                """,
            [
                Variant.time("/taken_at"), Variant.choice("/at", ["open", "close"]), Variant.uuid("/lines/0/vial"),
                Variant.refused("/lines/1/vial", "\"\(id)\"", at: "/lines"),
                Variant.bounds("/lines/0/on_hand_mg", out: ["-0.001", "100000.001", "0.0001", "null"], in: ["0", "100000"]),
                Variant.refused("/lines", "{}", "null", nil), Variant.refused("/lines/0", "7"), Variant.refused("/lines/0/on_hand_mg", nil),
                Variant.refused("/lines/0/lot", #""L""#),
            ].flatMap { $0 })
    }
}

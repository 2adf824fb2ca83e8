import Clinic

extension EventExample {
    static func patient() throws -> [EventExample] {
        try [registration(), change(), consultation(), plan(), consent(), withdrawal(), followUp()]
    }

    private static func registration() throws -> EventExample {
        try EventExample(
            .patientRegistered,
            minimal: #"{"mrn":"H-1","family":"Okafor","given":["Ada"],"birth_date":"1984-02-29","sex":"female"}"#,
            full: """
                {"mrn":"H-1","family":"Okafor","given":["Ada","Nneka"],"birth_date":"1984-02-29","sex":"female","phone":"+1 919 555 0100",
                "email":"ada@example.org","address":{"line":["1 Elm St","Apt 2"],"city":"Durham","state":"NC","postal_code":"27701",
                "country":"US"},
                "identifiers":[{"system":"insurer","value":"X-77","type":"MB"}],"name_use":"official","prefix":["Dr."],"suffix":["MD"],
                "other_names":[{"use":"maiden","family":"Eze","given":["Ada"],"prefix":["Ms."],"suffix":["II"],"text":"Ada Eze"}],
                "other_addresses":[{"use":"work","line":["2 Oak St"],"city":"Durham","district":"Durham","state":"NC","postal_code":"27701",
                "country":"US","text":"By the mill, Durham"}],
                "other_contacts":[{"system":"fax","value":"919 555 0102","use":"work"}],"deceased":true,"deceased_on":"2026-11-01"}
                """,
            [
                Variant.text("/mrn", 64), Variant.text("/family", 200), Variant.text("/given/1", 200), Variant.text("/phone", 64),
                Variant.text("/email", 200), Variant.text("/address/line/0", 200), Variant.text("/address/city", 200),
                Variant.text("/address/state", 200), Variant.text("/address/postal_code", 64), Variant.text("/address/country", 200),
                Variant.text("/identifiers/0/system", 200), Variant.text("/identifiers/0/value", 200),
                Variant.refused("/given", "[]", #""Ada""#, list(of: #""A""#, 11)), Variant.accepted("/given", list(of: #""A""#, 10)),
                Variant.date("/birth_date"), Variant.bounds("/birth_date", out: [#""1879-12-31""#], in: [#""1880-01-01""#]),
                Variant.choice("/sex", ["male", "female", "other", "unknown"]),
                Variant.refused("/address", "[]", #""Durham""#), Variant.refused("/address/line", "[]", nil),
                Variant.refused("/address/city", nil), Variant.refused("/address/zip", #""27701""#),
                Variant.refused("/identifiers", "{}", list(of: #"{"system":"a","value":"b"}"#, 21)), Variant.accepted("/identifiers", "[]"),
                Variant.refused("/identifiers/0", "7"), Variant.refused("/identifiers/0/value", nil),
                Variant.accepted("/identifiers/0/system", nil), Variant.text("/identifiers/0/type", 64), moreOfRegistration(),
            ].flatMap { $0 })
    }

    private static func moreOfRegistration() -> [Variant] {
        let uses = ["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"]
        return [
            Variant.choice("/name_use", uses), Variant.choice("/other_names/0/use", uses), Variant.text("/prefix/0", 200),
            Variant.text("/suffix/0", 200), Variant.refused("/prefix", "[]", list(of: #""A""#, 11)),
            Variant.text("/other_names/0/family", 200),
            Variant.text("/other_names/0/given/0", 200), Variant.text("/other_names/0/prefix/0", 200),
            Variant.text("/other_names/0/text", 200),
            Variant.refused("/other_names/0", #"{"use":"old"}"#, "[]"), Variant.accepted("/other_names/0", #"{"text":"Tilly"}"#),
            Variant.refused("/other_names", list(of: #"{"text":"A"}"#, 21)), Variant.accepted("/other_names", "[]"),
            Variant.choice("/other_addresses/0/use", ["home", "work", "temp", "old", "billing"]),
            Variant.text("/other_addresses/0/line/0", 200), Variant.text("/other_addresses/0/district", 200),
            Variant.text("/other_addresses/0/postal_code", 64), Variant.text("/other_addresses/0/text", 4_000, lines: true),
            Variant.refused("/other_addresses/0", "{}", #"{"use":"work"}"#), Variant.accepted("/other_addresses/0", #"{"city":"A"}"#),
            Variant.choice("/other_contacts/0/system", ["phone", "fax", "email", "pager", "url", "sms", "other"]),
            Variant.choice("/other_contacts/0/use", ["home", "work", "temp", "old", "mobile"]),
            Variant.text("/other_contacts/0/value", 200),
            Variant.refused("/other_contacts/0/value", nil), Variant.refused("/other_contacts/0/system", nil),
            Variant.refused("/deceased", "false", "1", "null"), Variant.accepted("/deceased", "true", nil), Variant.date("/deceased_on"),
        ].flatMap { $0 }
    }

    private static func consultation() throws -> EventExample {
        try EventExample(
            .consultationRecorded,
            minimal: """
                {"diagnosis":{"code":"1.3","text":"Chronic migraine"},"headache_days_per_month":18,"migraine_days_per_month":10,
                "symptoms":[],
                "prior_treatments":[],"medications":[],"allergies":[],"asa_class":2,"contraindications":[],"candidacy":"deferred",
                "rationale":"ECG first"}
                """,
            full: """
                {"diagnosis":{"code":"1.3","text":"Chronic migraine"},"headache_days_per_month":18,"migraine_days_per_month":10,
                "attack_hours":{"min":4,"max":72},"symptoms":["photophobia","nausea"],
                "prior_treatments":[{"class":"triptan","name":"sumatriptan","outcome":"partial"},{"class":"hydration","outcome":"none"}],
                "medications":["topiramate 50 mg"],"allergies":["penicillin"],"asa_class":2,"midas":45,"hit6":66,
                "contraindications":[{"code":"psychosis","status":"absent"},{"code":"pregnancy","status":"absent"}],
                "candidacy":"candidate","rationale":"Refractory"}
                """,
            [
                Variant.bounds(
                    "/diagnosis/code", out: [#""G43.7""#, #""1.""#, #""1.2.3.4.5.6""#, #""123""#], in: [#""1.2.1.1""#, #""A1.6.6""#]),
                Variant.text("/diagnosis/text", 200), Variant.refused("/diagnosis/text", nil),
                Variant.bounds("/headache_days_per_month", out: ["-1", "32", "18.5", #""18""#], in: ["31", "10", "18.0", "1.8e1"]),
                Variant.bounds("/migraine_days_per_month", out: ["-1", "32", "19"], in: ["0", "18"]),
                Variant.refused("/headache_days_per_month", "9", at: "/migraine_days_per_month"),
                Variant.bounds("/attack_hours/min", out: ["0", "-1", "8760.001", "0.0001"], in: ["0.001", "72"]),
                Variant.refused("/attack_hours/min", "72.001", at: "/attack_hours/max"),
                Variant.bounds("/attack_hours/max", out: ["0", "3.999", "8760.001"], in: ["4", "8760"]),
                Variant.refused("/attack_hours/max", nil),
                Variant.choice("/symptoms/0", ["photophobia", "vomiting", "aura", "throbbing_pain"]),
                Variant.refused("/symptoms", #"["nausea","nausea"]"#, "null", #""nausea""#),
                Variant.accepted("/symptoms", #"["unilateral_pain","phonophobia"]"#),
                Variant.choice("/prior_treatments/0/class", priorClasses), Variant.text("/prior_treatments/0/name", 200),
                Variant.choice("/prior_treatments/1/outcome", ["none", "partial", "good", "not_tolerated"]),
                Variant.refused("/prior_treatments", list(of: #"{"class":"other","outcome":"none"}"#, 101)),
                Variant.text("/medications/0", 200), Variant.text("/allergies/0", 200),
                Variant.bounds("/asa_class", out: ["0", "7", "2.5"], in: ["1", "6"]),
                Variant.bounds("/midas", out: ["-1", "271"], in: ["0", "270"]),
                Variant.bounds("/hit6", out: ["35", "79"], in: ["36", "78"]),
                Variant.choice("/contraindications/0/code", contraindications),
                Variant.choice("/contraindications/0/status", ["absent", "controlled", "present"]),
                Variant.refused("/contraindications/0/code", #""pregnancy""#, at: "/contraindications"),
                Variant.choice("/candidacy", ["candidate", "not_candidate", "deferred"]), Variant.text("/rationale", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static let priorClasses = [
        "analgesic", "triptan", "ergotamine", "hydration", "stress_management", "trigger_avoidance", "hormone_therapy", "preventive",
        "other",
    ]
    /// Without pregnancy, which the full example names too.
    private static let contraindications = [
        "uncontrolled_cardiovascular", "psychosis", "severe_hepatic", "raised_icp", "raised_iop", "substance_use", "ketamine_allergy",
    ]

    private static func plan() throws -> EventExample {
        try EventExample(
            .treatmentPlanned,
            minimal: """
                {"plan":"0198f7a2-0000-7000-8000-000000000001","sessions":6,"interval_days":3,"target_mg_per_kg":0.5,"max_mg_per_kg":1.2,
                "max_rate_mg_per_kg_per_h":0.75,"duration_min":60,"prescriber":"dr.lin"}
                """,
            full: """
                {"plan":"0198f7a2-0000-7000-8000-000000000001","sessions":6,"interval_days":3,"target_mg_per_kg":0.5,"max_mg_per_kg":1.2,
                "max_rate_mg_per_kg_per_h":0.75,"duration_min":60,"bolus_max_mg_per_kg":0.2,"premedication":["ondansetron 4 mg"],
                "prescriber":"dr.lin"}
                """,
            [
                Variant.uuid("/plan"), Variant.bounds("/sessions", out: ["0", "21", "1.5"], in: ["1", "20"]),
                Variant.bounds("/interval_days", out: ["0", "91"], in: ["1", "90"]),
                Variant.bounds(
                    "/target_mg_per_kg", out: ["0", "-0.5", "1.201", "0.0005", #""0.5""#], in: ["0.001", "1.2", "5e-1", "0.50000"]),
                Variant.bounds("/max_mg_per_kg", out: ["0", "17.001"], in: ["0.5", "17"]),
                Variant.refused("/max_mg_per_kg", "0.499", at: "/target_mg_per_kg"),
                Variant.bounds("/max_rate_mg_per_kg_per_h", out: ["-0.001", "2.001"], in: ["0", "2", "2.000"]),
                Variant.bounds("/duration_min", out: ["9", "481", "60.5"], in: ["10", "480"]),
                Variant.bounds("/bolus_max_mg_per_kg", out: ["-0.001", "1.001", "null"], in: ["0", "1"]),
                Variant.text("/premedication/0", 200), Variant.refused("/premedication", list(of: #""a""#, 21), "{}"),
                Variant.accepted("/premedication", "[]", list(of: #""a""#, 20)), Variant.handle("/prescriber"),
            ].flatMap { $0 })
    }

    private static func consent() throws -> EventExample {
        let digest = String(repeating: "ab", count: 32)
        return try EventExample(
            .consentSigned,
            minimal: """
                {"form":"ketamine","form_version":"2026-1","form_digest":"\(digest)","signer":{"name":"Ada Okafor","role":"patient"},
                "method":"ink",
                "meaning":"I agree","signed_at":"2026-11-22T15:30:00Z"}
                """,
            full: """
                {"form":"ketamine","form_version":"2026-1","form_digest":"\(digest)","signer":{"name":"Ada Okafor","role":"patient"},
                "witness":"R. Diaz","method":"electronic","meaning":"I agree","signed_at":"2026-11-22T15:30:00.25Z"}
                """,
            [
                Variant.text("/form", 64), Variant.text("/form_version", 64),
                Variant.bounds(
                    "/form_digest", out: ["\"\(digest.dropLast())\"", "\"\(digest)0\"", "\"\(digest.dropLast())g\"", "null", "7"],
                    in: ["\"\(digest.uppercased())\"", "\"\(String(repeating: "0", count: 64))\""]),
                Variant.text("/signer/name", 200), Variant.choice("/signer/role", ["patient", "representative"]),
                Variant.refused("/signer", #""Ada""#, "null"), Variant.refused("/signer/name", nil), Variant.refused("/signer/age", "41"),
                Variant.text("/witness", 200), Variant.choice("/method", ["ink", "electronic"]),
                Variant.text("/meaning", 4_000, lines: true),
                Variant.time("/signed_at"),
            ].flatMap { $0 })
    }

    private static func withdrawal() throws -> EventExample {
        let data = #"{"reason":"Changed her mind","taken_by":"rn.diaz"}"#
        return try EventExample(
            .consentWithdrawn, minimal: data, full: data, Variant.text("/reason", 4_000, lines: true) + Variant.handle("/taken_by"))
    }

    private static func change() throws -> EventExample {
        try EventExample(
            .patientDetailsChanged,
            minimal: #"{"mrn":"H-1","reason":"Merged charts"}"#,
            full: """
                {"mrn":"H-1","family":"Okafor","given":["Ada","Nneka"],"birth_date":"1984-02-29","sex":"female","phone":"+1 919 555 0100",
                "email":"ada@example.org","address":{"line":["1 Elm St"],"city":"Durham","state":"NC","postal_code":"27701","country":"US"},
                "identifiers":[{"system":"insurer","value":"X-77"}],"reason":"Moved"}
                """,
            [
                Variant.text("/mrn", 64), Variant.text("/family", 200), Variant.text("/given/1", 200), Variant.refused("/given", "[]"),
                Variant.date("/birth_date"), Variant.bounds("/birth_date", out: [#""1879-12-31""#], in: [#""1880-01-01""#]),
                Variant.choice("/sex", ["male", "female", "other", "unknown"]), Variant.text("/phone", 64), Variant.text("/email", 200),
                Variant.refused("/address", "[]"), Variant.refused("/address/city", nil), Variant.refused("/identifiers", "{}"),
                Variant.text("/reason", 4_000, lines: true),
            ].flatMap { $0 })
    }

    private static func followUp() throws -> EventExample {
        try EventExample(
            .followUpRecorded,
            minimal: #"{"days_after":1}"#,
            full: """
                {"session":"0198f7a2-0000-7000-8000-000000000001","days_after":14,"pain_nrs":3,"relief_percent":42.5,
                "headache_days_per_month":9,"migraine_days_per_month":4,"midas":11,"hit6":56,"note":"Back at work"}
                """,
            [
                Variant.uuid("/session"), Variant.bounds("/days_after", out: ["-1", "3651", "1.5"], in: ["0", "3650"]),
                Variant.bounds("/pain_nrs", out: ["-1", "11"], in: ["0", "10"]),
                Variant.bounds("/relief_percent", out: ["-0.001", "100.001"], in: ["0", "100"]),
                Variant.bounds("/headache_days_per_month", out: ["-1", "32"], in: ["4", "31"]),
                Variant.refused("/headache_days_per_month", "3", at: "/migraine_days_per_month"),
                Variant.bounds("/migraine_days_per_month", out: ["-1", "10", "32"], in: ["0", "9"]),
                Variant.bounds("/midas", out: ["-1", "271"], in: ["0", "270"]),
                Variant.bounds("/hit6", out: ["35", "79"], in: ["36", "78"]),
                Variant.text("/note", 4_000, lines: true),
            ].flatMap { $0 })
    }

    static func list(of item: String, _ count: Int) -> String {
        "[" + Array(repeating: item, count: count).joined(separator: ",") + "]"
    }
}

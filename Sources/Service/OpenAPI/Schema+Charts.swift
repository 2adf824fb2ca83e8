import Canonical
import Clinic

extension APISchemas {
    static var charts: [String: JSON] {
        [
            "Positions": .members(["record?": .integer(0), "access?": .integer(0)]),
            "PatientSummary": .members([
                "patient": .uuid, "given": .list(.anyText), "mrn?": .anyText, "family?": .anyText, "birth_date?": .day,
            ]),
            "SessionSummary": .members([
                "session": .uuid, "patient?": .uuid, "number?": .integer(1), "state?": .ref("SessionState"), "scheduled_at?": .time,
                "arrived_at?": .time, "started_at?": .time, "stopped_at?": .time, "discharged_at?": .time,
            ]),
            "SessionState": .choice(SessionState.Phase.allCases.map(\.rawValue)),
            "Chart": .members(["patient": .ref("PatientPart"), "sessions": .list(.ref("Session")), "break_glass?": .ref("BrokenGlass")]),
            "PatientPart": groups(
                ["registrations", "consultations", "plans", "consents", "withdrawals", "follow_ups", "notes", "erasures"],
                [
                    "patient": .uuid, "last_position": .integer(0), "last_occurred_at": .time, "details": .ref(data(.patientRegistered)),
                    "consent": .choice(["none", "signed", "withdrawn"]), "erased": .flag,
                ], required: ["patient", "last_position", "consent"]),
            "Session": groups(
                [
                    "bookings", "arrivals", "cancellations", "assessments", "iv", "infusion", "medications", "waivers", "vitals",
                    "side_effects",
                    "recovery_scores", "drivers", "discharge_orders", "discharges", "notes",
                ],
                [
                    "session": .uuid, "last_position": .integer(0), "last_occurred_at": .time, "patient": .uuid, "number": .integer(1),
                    "state": .ref("SessionState"), "weight_kg": .decimal, "given_mg": .decimal, "given_mg_per_kg": .decimal,
                    "scheduled_at": .time, "arrived_at": .time, "started_at": .time, "stopped_at": .time, "discharged_at": .time,
                    "runs": .list(.ref("InfusionRun")), "break_glass": .ref("BrokenGlass"),
                ], required: ["session", "last_position"]),
            "InfusionRun": .members([
                "start": .uuid, "from": .time, "to?": .time, "stop?": .uuid, "given_mg?": .decimal,
                "segments": .list(
                    .members(["event": .uuid, "from": .time, "to?": .time, "rate_mg_per_h": .decimal, "given_mg?": .decimal])),
                "boluses?": .list(.members(["event": .uuid, "at": .time, "dose_mg": .decimal])),
            ]),
            "ChartEvent": .members(chartEvent),
            "Fact": fact,
            "ChartDiff": .members([
                "from": .ref("Bounds"), "to": .ref("Bounds"), "parts": .list(.ref("ChartDiffPart")),
                "break_glass?": .ref("BrokenGlass"),
            ]),
            "BrokenGlass": .members(["invocation": .uuid, "until": .time, "notice": .anyText]),
            "Bounds": .members(["at?": .time, "known_at?": .time, "position?": .integer(0)]),
            "Differences": .map(.members(["before?": true, "after?": true])),
            "ChartDiffPart": .members([
                "stream": .ref("StreamName"), "title": .anyText, "status": .anyText, "added": .list(.ref("Fact")),
                "amended": .list(.ref("Fact")), "voided": .list(.ref("Fact")), "derived": .ref("Differences"),
            ]),
        ]
    }

    private static let chartEvent: KeyValuePairs<String, JSON> = [
        "event": .uuid, "position": .integer(1), "version": .integer(1), "type": .choice(EventType.allCases.map(\.rawValue)),
        "actor": .anyText,
        "command": .uuid, "occurred_at": .time, "recorded_at": .time, "charted_at?": .time, "override?": .ref("Override"),
        "data": .anything, "signatures?": .list(.ref("Signature")),
    ]

    private static var fact: JSON {
        .members(
            chartEvent,
            [
                "original?": .anything, "corrections?": .list(.ref("ChartEvent")), "voided?": .flag, "entered_after_min?": .integer(0),
                "fields?": .ref("Differences"),
            ])
    }

    /// A part of a chart: facts in groups, of which an empty one is left out.
    private static func groups(_ names: [String], _ members: [String: JSON], required: [String]) -> JSON {
        var properties = members
        for name in names { properties[name] = .list(.ref("Fact")) }
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .array(required.map { .string($0) }),
        ]
    }
}

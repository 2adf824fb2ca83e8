import Canonical
import Clinic

extension APISchemas {
    /// What is sent to be recorded, and events as they are read; the data of each type as its own code reads it.
    static var events: [String: JSON] {
        var schemas: [String: JSON] = [
            "AppendRequest": [
                "description": "A request: its events in a list, or a single one flat beside the command.",
                "anyOf": [.ref("ListRequest"), .ref("FlatRequest")],
            ],
            "Batch": [
                "type": "array", "items": .ref("AppendRequest"), "minItems": 1,
                "maxItems": .number(JSONNumber(Recorder.maximumRequestsTogether)),
                "description":
                    "Requests of one log that are recorded in one commit, all or none, each decided on top of those before it. Pointers in errors begin with the request's place.",
            ],
            "ListRequest": envelope([
                "events": [
                    "type": "array", "items": .ref("NewEvent"), "minItems": 1, "maxItems": .number(JSONNumber(AppendRequest.maximumEvents)),
                ]
            ]),
            "Override": .members(["gate": .anyText, "reason?": .anyText]),
            "Signature": Signature.schema,
            "Credential": SigningCredential.schema,
            "StreamName": streamName,
            "Receipt": .members([
                "event": .uuid, "position": .integer(1), "version": .integer(1), "recorded_at": .time,
                "leaf": [
                    "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The Merkle leaf, SHA-256(0x00 ‖ entry), in hexadecimal.",
                ],
                "proof?": [
                    "type": "string",
                    "description": "The proof file (C2SP tlog-proof): that the event is in the log that the checkpoint signs.",
                ],
                "proof_url?": ["type": "string", "description": "Where the proof is to be had, now or later."],
            ]),
            "Recorded": .members([
                "command": .uuid, "repeated": .flag, "events": .list(.ref("Receipt")),
                "covered?": ["type": "boolean", "description": "Where proofs were asked for: whether a checkpoint covers all of it yet."],
            ]),
            "BatchRecorded": .members(["results": .list(.ref("Recorded")), "covered?": .flag]),
            "Event": event,
        ]
        for type in EventType.allCases {
            schemas[data(type)] = type.dataType.schema
            schemas[flat(type)] = envelope(members(type))
        }
        schemas["NewEvent"] = anyOf { type in
            [
                "type": "object", "properties": .object(members(type)), "required": ["type", "occurred_at", "data"],
                "additionalProperties": false,
            ]
        }
        schemas["FlatRequest"] = anyOf { .ref(flat($0)) }
        return schemas
    }

    static func data(_ type: EventType) -> String { type.rawValue + "Data" }
    private static func flat(_ type: EventType) -> String { type.rawValue + "Request" }

    private static func members(_ type: EventType) -> [String: JSON] {
        ["type": .constant(type.rawValue), "occurred_at": .time, "data": .ref(data(type))]
    }

    private static func anyOf(_ schema: (EventType) -> JSON) -> JSON { ["anyOf": .array(EventType.allCases.map(schema))] }

    private static var streamName: JSON {
        let id = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
        return ["type": "string", "pattern": .string("^(clinic|access|(patient|session|vial|access)/\(id))$")]
    }

    private static func envelope(_ members: [String: JSON]) -> JSON {
        var properties: [String: JSON] = [
            "command": .uuid, "stream": .ref("StreamName"),
            "expected_version": ["type": "integer", "minimum": 0, "maximum": .number(JSONNumber(Int64(Int32.max)))],
            "override": [
                "type": "object", "required": ["gate", "reason"], "additionalProperties": false,
                "properties": [
                    "gate": ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "\\S"],
                    "reason": ["type": "string", "minLength": 1, "maxLength": 4000, "pattern": "\\S"],
                ],
            ],
            "signatures": [
                "type": "array", "items": .ref("Credential"), "minItems": 1, "maxItems": .number(JSONNumber(Signature.maximumCount)),
                "description": "Who signs all events of the request. What is kept is name, time, meaning and how it was proved.",
            ],
        ]
        properties.merge(members) { $1 }
        let required = ["command", "stream"] + members.keys.sorted()
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .array(required.map { .string($0) }),
        ]
    }

    /// A stored event; its data is held to its type where it is of the version that is written now.
    private static var event: JSON {
        var schema: JSON = .members([
            "position": .integer(1), "version": .integer(1), "event": .uuid, "command": .uuid, "stream": .ref("StreamName"),
            "type": .anyText,
            "v": .integer(1), "actor": .anyText, "occurred_at": .time, "recorded_at": .time, "charted_at?": .time,
            "subject?": .ref("StreamName"),
            "override?": .ref("Override"), "data?": .anything, "signatures?": .list(.ref("Signature")), "erased?": .flag,
        ])
        guard case .object(var members) = schema else { return schema }
        members["allOf"] = .array(
            EventType.allCases.map { type in
                [
                    "if": [
                        "properties": ["type": .constant(type.rawValue), "v": ["const": .number(JSONNumber(type.currentVersion))]],
                        "required": ["type", "v", "data"],
                    ],
                    "then": ["properties": ["data": .ref(data(type))]],
                ]
            })
        schema = .object(members)
        return schema
    }
}

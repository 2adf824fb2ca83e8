import Canonical
import Clinic

/// The schemas of what is sent and answered, by name.
enum APISchemas {
    static var all: [String: JSON] {
        [events, charts, reports, audits, people, ["Problem": problem, "ProblemType": problemType]].reduce(into: [:]) { all, some in
            all.merge(some) { first, _ in first }
        }
    }

    /// RFC 9457. Others may add members, so it is open.
    private static var problem: JSON {
        [
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": [
                "type": .ref("ProblemType"), "title": .anyText, "status": ["type": "integer", "minimum": 400, "maximum": 599],
                "detail": .anyText,
                "gate": .choice(Gate.allCases.map(\.rawValue)),
                "errors": [
                    "type": "array",
                    "items": .members([
                        "pointer": [
                            "type": "string",
                            "description":
                                "An RFC 6901 pointer into the body; of a parameter its name after a question mark, as in ?limit.",
                        ],
                        "message": .anyText,
                    ]),
                ],
            ],
        ]
    }

    private static var problemType: JSON {
        let types = ProblemTypes.all.sorted().map { ProblemTypes.prefix + $0 }
        return .choice(types).with("description", "What went wrong. Stable: programs may depend on it.")
    }
}

extension JSON {
    func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

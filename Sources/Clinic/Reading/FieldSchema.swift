public import Canonical

/// A field as a reader asks for it: what a schema of its object says of it.
struct FieldNote {
    let key: String
    let schema: JSON
    let isRequired: Bool
}

extension FieldReader {
    /// A JSON Schema (2020-12) of what `body` reads: the same code reads and describes, so that the two cannot differ. It says what stands in each
    /// field, and not what holds between fields.
    public static func schema(_ body: (inout FieldReader) -> Void) -> JSON {
        var fields = FieldReader([:], Findings(explains: false))
        fields.notes = []
        body(&fields)
        let notes = fields.notes ?? []
        let required = notes.filter(\.isRequired).map(\.key)
        var members: [String: JSON] = [
            "type": "object", "additionalProperties": false,
            "properties": .object(Dictionary(notes.map { ($0.key, $0.schema) }) { _, last in last }),
        ]
        if !required.isEmpty { members["required"] = .array(required.map { .string($0) }) }
        return .object(members)
    }
}

extension FieldGroup {
    public static var schema: JSON { FieldReader.schema { _ = Self(reading: &$0) } }
}

extension JSON {
    /// This object with more members, or others.
    func with(_ more: [String: JSON]) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.merging(more) { $1 })
    }
}

import Canonical

/// Pieces of JSON Schema (2020-12).
extension JSON {
    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }
    static func integer(_ minimum: Int) -> JSON {
        ["type": "integer", "minimum": .number(JSONNumber(minimum)), "maximum": .number(JSONNumber(Int64.max))]
    }
    static func choice(_ names: [String]) -> JSON { ["type": "string", "enum": .array(names.map { .string($0) })] }
    static func list(_ item: JSON) -> JSON { ["type": "array", "items": item] }
    static func map(_ value: JSON) -> JSON { ["type": "object", "additionalProperties": value] }
    static func constant(_ text: String) -> JSON { ["const": .string(text)] }

    static let anyText: JSON = ["type": "string"]
    static let flag: JSON = ["type": "boolean"]
    static let decimal: JSON = ["type": "number"]
    static let uuid: JSON = ["type": "string", "format": "uuid", "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"]
    static let time: JSON = ["type": "string", "format": "date-time"]
    static let day: JSON = ["type": "string", "format": "date"]
    static let dayOrTime: JSON = ["anyOf": [.day, .time]]
    static let digest: JSON = ["type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"]
    static let anything: JSON = ["type": "object"]

    /// An object that has these members and no others; those whose names end in `?` may be missing.
    static func members(_ members: KeyValuePairs<String, JSON>, _ more: KeyValuePairs<String, JSON> = [:]) -> JSON {
        var properties: [String: JSON] = [:]
        var required: [JSON] = []
        for (name, schema) in Array(members) + Array(more) {
            let isOptional = name.hasSuffix("?")
            properties[isOptional ? String(name.dropLast()) : name] = schema
            if !isOptional { required.append(.string(name)) }
        }
        var schema: [String: JSON] = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    /// A row of a view for reports: every column, null where nothing is known.
    static func row(_ columns: KeyValuePairs<String, JSON>) -> JSON {
        var properties: [String: JSON] = [:]
        for (name, schema) in columns { properties[name] = ["anyOf": [schema, ["type": "null"]]] }
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .array(columns.map { .string($0.key) }),
        ]
    }

    /// A page of a list.
    static func page(_ name: String, _ item: JSON, _ more: [String: JSON] = [:]) -> JSON {
        var properties: [String: JSON] = [
            name: .list(item), "next": ["type": "string", "description": "The cursor of the next page; missing on the last."],
        ]
        properties.merge(more) { $1 }
        return [
            "type": "object", "properties": .object(properties), "required": [.string(name)], "additionalProperties": false,
        ]
    }
}

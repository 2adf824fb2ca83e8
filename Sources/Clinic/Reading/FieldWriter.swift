public import Canonical
public import Foundation

/// A value that a field can hold.
public protocol FieldValue {
    var fieldJSON: JSON { get }
}

/// Builds a JSON object, leaving out what is `nil`.
public struct FieldWriter {
    private var members: [String: JSON] = [:]

    init() {}

    public var json: JSON { .object(members) }

    public mutating func put(_ key: String, _ value: (some FieldValue)?) {
        if let value { members[key] = value.fieldJSON }
    }

    public mutating func put(_ key: String, _ group: (some FieldGroup)?) {
        if let group { members[key] = Self.write(group) }
    }

    public mutating func put(_ key: String, _ groups: [some FieldGroup]?) {
        if let groups { members[key] = .array(groups.map(Self.write)) }
    }

    /// A table keyed by choice, as an object.
    public mutating func put(_ key: String, _ table: [some Choice: some FieldValue]?) {
        guard let table else { return }
        var object: [String: JSON] = [:]
        for (choice, value) in table { object[choice.rawValue] = value.fieldJSON }
        members[key] = .object(object)
    }

    public static func write(_ group: some FieldGroup) -> JSON {
        var fields = FieldWriter()
        group.write(to: &fields)
        return fields.json
    }
}

extension JSON: FieldValue { public var fieldJSON: JSON { self } }
extension String: FieldValue { public var fieldJSON: JSON { .string(self) } }
extension Int: FieldValue { public var fieldJSON: JSON { .number(JSONNumber(self)) } }
extension Bool: FieldValue { public var fieldJSON: JSON { .bool(self) } }
extension UUID: FieldValue { public var fieldJSON: JSON { .string(lowercase) } }
extension Timestamp: FieldValue { public var fieldJSON: JSON { .string(description) } }
extension CalendarDate: FieldValue { public var fieldJSON: JSON { .string(description) } }
extension Quantity: FieldValue { public var fieldJSON: JSON { .number(JSONNumber(thousandths: thousandths)) } }
extension Array: FieldValue where Element: FieldValue { public var fieldJSON: JSON { .array(map(\.fieldJSON)) } }

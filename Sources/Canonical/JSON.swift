/// A JSON value, as strict as I-JSON (RFC 7493) asks: no duplicate keys, no lone surrogates, numbers kept exactly as written.
/// Stricter in one thing: keys that Unicode calls canonically equivalent (`é` as one character or as two) count as the same.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The deepest nesting of arrays and objects that is read.
    public static let maximumDepth = 64

    /// The member `key` of an object; nil where this is no object or has no such member.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The text of a string value; nil for any other kind.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array value; nil for any other kind.
    public var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The exact integer of a number value; nil for any other kind, or a number that is no 64-bit integer.
    public var int64: Int64? {
        guard case .number(let number) = self else { return nil }
        return number.int64
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

/// Text that is not JSON as we read it.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The byte at which it went wrong, from 0.
    public let offset: Int
    /// What is wrong, without quoting the text.
    public let reason: String

    public var description: String { "not valid JSON at byte \(offset): \(reason)" }
}

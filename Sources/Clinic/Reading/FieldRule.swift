public import Canonical

/// How one kind of value is read and what it must be.
///
/// A conforming type reports a value of another kind with `findings.fail(json, …)` and what else is wrong with `findings.fail("must be …")`. It
/// names the limit, never quotes the value, and then returns
/// its placeholder.
public protocol FieldRule: Sendable {
    associatedtype Value
    /// "must be …", for a missing field.
    var expectation: String { get }
    /// Stands in for a value with a problem. Never leaves this module.
    var placeholder: Value { get }
    /// A JSON Schema (2020-12) of the values that it takes; it may take less, where that cannot be said in a schema.
    var schema: JSON { get }
    func read(_ json: JSON, _ findings: inout Findings) -> Value
}

/// Several fields that stand together: the `data` of an event, or an object within it.
public protocol FieldGroup: Sendable, Hashable {
    init(reading fields: inout FieldReader)
    func write(to fields: inout FieldWriter)
    /// A JSON Schema (2020-12) of the object.
    static var schema: JSON { get }
}

/// An enumeration whose raw values are the JSON strings.
public protocol Choice: RawRepresentable<String>, CaseIterable, Hashable, Sendable, FieldValue {}

extension Choice {
    public var fieldJSON: JSON { .string(rawValue) }
}

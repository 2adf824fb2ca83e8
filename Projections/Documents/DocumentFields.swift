import Canonical
import Clinic
import Foundation

/// A document of a read model that is not as its fold writes it: from another version, or damaged.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The member that is missing or wrong. Never its value.
    public let field: String

    public var description: String { "the stored document has no valid \(field); rebuild the projection" }
}

/// The members of one object of a document. These were written by our own folds, so there is nothing to forgive and little to explain.
struct DocumentFields {
    private let members: [String: JSON]

    init(_ json: JSON, _ name: String) throws(DocumentError) {
        guard case .object(let members) = json else { throw DocumentError(field: name) }
        self.members = members
    }

    func required<Value>(_ key: String, _ read: (JSON) -> Value?) throws(DocumentError) -> Value {
        guard let value = try optional(key, read) else { throw DocumentError(field: key) }
        return value
    }

    func optional<Value>(_ key: String, _ read: (JSON) -> Value?) throws(DocumentError) -> Value? {
        guard let json = members[key] else { return nil }
        guard let value = read(json) else { throw DocumentError(field: key) }
        return value
    }

    func list(_ key: String) throws(DocumentError) -> [JSON] {
        try optional(key, \.elements) ?? []
    }
}

extension JSON {
    var uuid: UUID? { text.flatMap(UUID.init(canonical:)) }
    var time: Timestamp? { text.flatMap(Timestamp.init(rfc3339:)) }
    var streamID: StreamID? { text.flatMap { StreamID($0) } }
    var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// What `write` writes, as a tree.
    static func written(_ write: (inout CanonicalWriter) -> Void) -> JSON {
        var writer = CanonicalWriter()
        write(&writer)
        return writer.value
    }

    static func optional(_ time: Timestamp?) -> JSON? { time.map { .string($0.description) } }
    static func of<Unit>(_ quantity: Quantity<Unit>) -> JSON { .number(JSONNumber(thousandths: quantity.thousandths)) }
}

extension CanonicalWriter {
    /// A member that is left out where there is no value.
    mutating func member(_ key: StaticString, _ time: Timestamp?) {
        guard let time else { return }
        self.key(key)
        self.time(time)
    }

    mutating func member(_ key: StaticString, _ id: UUID?) {
        guard let id else { return }
        self.key(key)
        uuid(id)
    }

    mutating func member<Unit>(_ key: StaticString, _ quantity: Quantity<Unit>?) {
        guard let quantity else { return }
        self.key(key)
        number(thousandths: quantity.thousandths)
    }

    mutating func member(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        self.key(key)
        string(text)
    }

    mutating func member(_ key: StaticString, _ value: Int64?) {
        guard let value else { return }
        self.key(key)
        number(value)
    }

    /// A group of facts, left out where there are none.
    mutating func member(_ key: StaticString, _ entries: [Chart.Entry]?) {
        guard let entries else { return }
        self.key(key)
        array(of: entries) { $1.write(to: &$0) }
    }
}

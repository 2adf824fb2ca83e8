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

    static func optional(_ time: Timestamp?) -> JSON? { time.map { .string($0.description) } }
    static func of<Unit>(_ quantity: Quantity<Unit>) -> JSON { .number(JSONNumber(thousandths: quantity.thousandths)) }
}

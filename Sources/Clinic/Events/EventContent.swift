public import Canonical

/// The whole payload of an event: its data, and the signatures on it.
public struct EventContent: Sendable, Hashable {
    public let body: EventBody
    /// In the order in which they were given; none on most events.
    public let signatures: [Signature]

    static let member = "signatures"

    public init(_ body: EventBody, signatures: [Signature] = []) {
        self.body = body
        self.signatures = signatures
    }

    /// Reads a payload that was written in a version of the type named `type`.
    /// - Throws: ``Upcast/UnknownVersion``; ``ValidationError`` with every problem found, an unknown type among them.
    public init(type: String, version: Int, payload: JSON) throws {
        // Nearly all bear none, and are read as they stand.
        guard case .object(var members) = payload, let signatures = members.removeValue(forKey: Self.member) else {
            self.init(try EventBody(type: type, version: version, data: payload))
            return
        }
        let read = try FieldReader.read([Self.member: signatures]) { fields in
            fields.required(Self.member, .list(of: GroupRule<Signature>.group(), 1...Signature.maximumCount))
        }
        self.init(try EventBody(type: type, version: version, data: .object(members)), signatures: read)
    }

    /// What ``init(type:version:payload:)`` reads.
    public var payload: JSON {
        guard !signatures.isEmpty, case .object(var members) = body.data else { return body.data }
        members[Self.member] = .array(signatures.map(FieldWriter.write))
        return .object(members)
    }
}

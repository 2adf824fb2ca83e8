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
        let (data, signatures) = Self.parts(of: payload)
        guard let signatures else {
            self.init(try EventBody(type: type, version: version, data: data))
            return
        }
        let read = try FieldReader.read([Self.member: signatures]) { fields in
            fields.required(Self.member, .list(of: GroupRule<Signature>.group(), 1...Signature.maximumCount))
        }
        self.init(try EventBody(type: type, version: version, data: data), signatures: read)
    }

    /// A payload's data and signatures apart, neither of them looked at. Nearly all bear none, and are data as they stand.
    public static func parts(of payload: JSON) -> (data: JSON, signatures: JSON?) {
        guard case .object(var members) = payload, let signatures = members.removeValue(forKey: member) else { return (payload, nil) }
        return (.object(members), signatures)
    }

    /// As ``init(type:version:payload:)``, of a payload as text. Nearly all are canonical, sound and bear no signatures, and are read straight from
    /// the text; anything else is read as JSON, and told with all its problems.
    /// - Throws: ``JSONError`` for text that is no JSON, beside what that throws.
    public init(type: String, version: Int, text: String) throws {
        if let known = EventType(named: type), version == known.currentVersion, let body = EventBody(type: known, plain: text) {
            self.init(body)
        } else {
            try self.init(type: type, version: version, payload: try JSON.parse(text))
        }
    }

    /// Whether the payload is the body's data and nothing more.
    public var isPlain: Bool { signatures.isEmpty }

    /// What ``init(type:version:payload:)`` reads.
    public var payload: JSON {
        guard !signatures.isEmpty, case .object(var members) = body.data else { return body.data }
        members[Self.member] = .array(signatures.map(FieldWriter.write))
        return .object(members)
    }
}

/// A member of staff signed in: how, where that is known.
public struct SignedIn: EventData {
    public static var eventType: EventType { .signedIn }
    public static var streams: Set<StreamKind> { [.access] }

    public enum Method: String, Choice {
        case password, token, oidc, local, other
    }

    public let method: Method?
}

extension SignedIn {
    public init(reading fields: inout FieldReader) {
        method = fields.optional("method", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("method", method)
    }

    public var summary: String { "Signed in" + (method.map { " by \($0.rawValue)" } ?? "") }
}

/// A member of staff signed out, or was signed out.
public struct SignedOut: EventData {
    public static var eventType: EventType { .signedOut }
    public static var streams: Set<StreamKind> { [.access] }

    public enum Reason: String, Choice {
        case request, expired, revoked
    }

    public let reason: Reason?
}

extension SignedOut {
    public init(reading fields: inout FieldReader) {
        reason = fields.optional("reason", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
    }

    public var summary: String { "Signed out" + (reason.map { " (\($0.rawValue))" } ?? "") }
}

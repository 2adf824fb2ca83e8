/// Somebody tried to sign in under the actor's name, in vain.
public struct SignInFailed: EventData {
    public static var eventType: EventType { .signInFailed }
    public static var streams: Set<StreamKind> { [.access] }

    public let reason: String?
}

extension SignInFailed {
    public init(reading fields: inout FieldReader) {
        reason = fields.optional("reason", .text(.line))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
    }

    public var summary: String { "Sign-in failed" + (reason.map { ": \($0)" } ?? "") }
}

/// The patient takes the consent back. From then on no dose is started or raised.
public struct ConsentWithdrawn: EventData {
    public static var eventType: EventType { .consentWithdrawn }
    public static var streams: Set<StreamKind> { [.patient] }

    public let reason: String
    /// Staff handle of who was told.
    public let takenBy: String
}

extension ConsentWithdrawn {
    public init(reading fields: inout FieldReader) {
        reason = fields.required("reason", .text(.note))
        takenBy = fields.required("taken_by", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
        fields.put("taken_by", takenBy)
    }

    public var summary: String { "Consent withdrawn, taken by \(takenBy): \(reason.onOneLine)" }
}

/// A booked session will not take place.
public struct SessionCancelled: EventData {
    public static var eventType: EventType { .sessionCancelled }
    public static var streams: Set<StreamKind> { [.session] }

    public let reason: String
}

extension SessionCancelled {
    public init(reading fields: inout FieldReader) {
        reason = fields.required("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
    }

    public var summary: String { "Session cancelled: \(reason.onOneLine)" }
}

public import Foundation

/// Takes an event of the same stream out of every fold. It stays readable.
public struct EventVoided: EventData {
    public static var eventType: EventType { .eventVoided }
    public static var streams: Set<StreamKind> { Set(StreamKind.allCases) }

    /// The id of the event that is voided.
    public let target: UUID
    public let reason: String
}

extension EventVoided {
    public init(reading fields: inout FieldReader) {
        target = fields.required("target", .uuid)
        reason = fields.required("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("target", target)
        fields.put("reason", reason)
    }

    public var summary: String { "Voided: \(reason.onOneLine)" }
}

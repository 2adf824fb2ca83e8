public import Foundation

/// Somebody opens a chart that they may not open otherwise, in an emergency (45 CFR 164.312(a)(2)(ii)). Never blocked; reviewed afterwards.
public struct BreakGlassInvoked: EventData {
    public static var eventType: EventType { .breakGlassInvoked }
    public static var streams: Set<StreamKind> { [.access] }

    public let patient: UUID
    public let reason: String
}

extension BreakGlassInvoked {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        reason = fields.required("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("reason", reason)
    }

    public var summary: String { "Break-glass: \(reason.onOneLine)" }

    public var subject: StreamID? { .patient(patient) }
}

public import Foundation

/// Somebody looked at a patient's chart (45 CFR 164.312(b)).
public struct ChartRead: EventData {
    public static var eventType: EventType { .chartRead }
    public static var streams: Set<StreamKind> { [.access] }

    public let patient: UUID
    /// What was read: `chart`, `session/<uuid>`, `events`.
    public let resource: String
    public let purpose: String
}

extension ChartRead {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        resource = fields.required("resource", .text(.line))
        purpose = fields.required("purpose", .text(.line))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("resource", resource)
        fields.put("purpose", purpose)
    }

    public var summary: String { "Read \(resource) for \(purpose)" }

    public var subject: StreamID? { .patient(patient) }
}

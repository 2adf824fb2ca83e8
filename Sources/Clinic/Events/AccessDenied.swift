public import Foundation

/// Something was asked for and refused.
public struct AccessDenied: EventData {
    public static var eventType: EventType { .accessDenied }
    public static var streams: Set<StreamKind> { [.access] }

    public let resource: String
    public let reason: String?
    /// The patient whose data was asked for.
    public let patient: UUID?
}

extension AccessDenied {
    public init(reading fields: inout FieldReader) {
        resource = fields.required("resource", .text(.line))
        reason = fields.optional("reason", .text(.line))
        patient = fields.optional("patient", .uuid)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("resource", resource)
        fields.put("reason", reason)
        fields.put("patient", patient)
    }

    public var summary: String { "Denied: \(resource)" + (reason.map { " (\($0))" } ?? "") }

    public var subject: StreamID? { patient.map { .patient($0) } }
}

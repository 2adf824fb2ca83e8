public import Foundation

/// Data left the system in a file.
public struct ExportMade: EventData {
    public static var eventType: EventType { .exportMade }
    public static var streams: Set<StreamKind> { [.access] }

    /// What was exported: `record log`, `audit`, `report outcomes`.
    public let resource: String
    public let format: String?
    public let purpose: String?
    /// The one patient that it is about; nil where it is about more.
    public let patient: UUID?
}

extension ExportMade {
    public init(reading fields: inout FieldReader) {
        resource = fields.required("resource", .text(.line))
        format = fields.optional("format", .text(.identifier))
        purpose = fields.optional("purpose", .text(.line))
        patient = fields.optional("patient", .uuid)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("resource", resource)
        fields.put("format", format)
        fields.put("purpose", purpose)
        fields.put("patient", patient)
    }

    public var summary: String {
        "Exported \(resource)" + (format.map { " as \($0)" } ?? "") + (purpose.map { " for \($0)" } ?? "")
    }

    public var subject: StreamID? { patient.map { .patient($0) } }
}

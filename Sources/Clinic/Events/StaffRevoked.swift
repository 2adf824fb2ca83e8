/// A member of staff may do nothing here from now on, until they are enrolled again.
public struct StaffRevoked: EventData {
    public static var eventType: EventType { .staffRevoked }
    public static var streams: Set<StreamKind> { [.clinic] }

    /// Staff handle.
    public let staff: String
    public let reason: String
}

extension StaffRevoked {
    public init(reading fields: inout FieldReader) {
        staff = fields.required("staff", .handle)
        reason = fields.required("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("staff", staff)
        fields.put("reason", reason)
    }

    public var summary: String { "Staff \(staff) revoked: \(reason.onOneLine)" }
}

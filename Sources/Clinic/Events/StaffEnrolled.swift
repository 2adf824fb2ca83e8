public import Canonical

/// A person joins the staff, or their roles and licences change: the last enrolment of a handle holds.
public struct StaffEnrolled: EventData {
    public static var eventType: EventType { .staffEnrolled }
    public static var streams: Set<StreamKind> { [.clinic] }

    /// Staff handle.
    public let staff: String
    public let name: String
    public let roles: [StaffRole]
    public let licence: String?
    public let licenceExpiresOn: CalendarDate?
    public let aclsExpiresOn: CalendarDate?
}

/// What a member of staff may do.
public enum StaffRole: String, Choice {
    case nurse, prescriber
    case frontDesk = "front_desk"
    case compliance, reporting, administrator

    public var label: String { rawValue.replacing("_", with: " ") }
}

extension StaffEnrolled {
    public init(reading fields: inout FieldReader) {
        staff = fields.required("staff", .handle)
        name = fields.required("name", .text(.line))
        roles = fields.required("roles", .distinctChoices())
        licence = fields.optional("licence", .text(.identifier))
        licenceExpiresOn = fields.optional("licence_expires_on", .date)
        aclsExpiresOn = fields.optional("acls_expires_on", .date)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("staff", staff)
        fields.put("name", name)
        fields.put("roles", roles)
        fields.put("licence", licence)
        fields.put("licence_expires_on", licenceExpiresOn)
        fields.put("acls_expires_on", aclsExpiresOn)
    }

    public var summary: String {
        "Staff \(staff) enrolled: \(name), " + (roles.isEmpty ? "no role" : roles.map(\.label).joined(separator: ", "))
    }
}

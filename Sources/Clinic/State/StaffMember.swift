public import Canonical

/// Somebody enrolled at a clinic, as of an instant.
public struct StaffMember: Sendable, Hashable {
    public let handle: String
    public let name: String
    public let roles: Set<StaffRole>
    public let enrolledAt: Timestamp
    /// The last day on which the licence is good; nil where none is charted.
    public let licenceExpiresOn: CalendarDate?
    /// The last day on which the certificate in advanced cardiac life support is good; nil where none is charted.
    public let aclsExpiresOn: CalendarDate?

    init(_ enrolment: Charted<StaffEnrolled>) {
        handle = enrolment.body.staff
        name = enrolment.body.name
        roles = Set(enrolment.body.roles)
        enrolledAt = enrolment.at
        licenceExpiresOn = enrolment.body.licenceExpiresOn
        aclsExpiresOn = enrolment.body.aclsExpiresOn
    }
}

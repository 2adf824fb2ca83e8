public import Canonical

/// Somebody enrolled at a clinic, as of an instant.
public struct StaffMember: Sendable, Hashable {
    public let handle: String
    public let name: String
    public let roles: Set<StaffRole>
    public let enrolledAt: Timestamp

    init(_ enrolment: Charted<StaffEnrolled>) {
        handle = enrolment.body.staff
        name = enrolment.body.name
        roles = Set(enrolment.body.roles)
        enrolledAt = enrolment.at
    }
}

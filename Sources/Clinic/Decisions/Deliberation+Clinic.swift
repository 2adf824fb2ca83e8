/// Staff, policies and forms.
extension Deliberation {
    mutating func judge(_ enrolment: StaffEnrolled) throws(Stop) {
        if try clinic().isEmpty {
            guard enrolment.roles.contains(.administrator) else {
                throw refuse(
                    .conflict, "clinic-not-founded", "The first person enrolled at a clinic must be an administrator.", at: "/data/roles")
            }
            return
        }
        try requireRole()
        try requireAdministrator()
    }

    mutating func judge(_ revocation: StaffRevoked) throws(Stop) {
        let reference = try requireRole()
        guard reference.staff(revocation.staff, at: event.occurredAt) != nil else {
            throw refuse(
                .invalid, "unknown-staff", "staff names nobody who was enrolled at this time; give the handle of somebody who is.",
                at: "/data/staff")
        }
        try requireAdministrator()
    }

    mutating func judge(_ policy: PolicyAdopted) throws(Stop) {
        let reference = try requireRole()
        guard !reference.hasPolicy(policy.version) else {
            throw refuse(
                .conflict, "policy-exists", "version names a policy that exists already; give the new one a version of its own.",
                at: "/data/version")
        }
    }

    mutating func judge(_ form: ConsentFormPublished) throws(Stop) {
        let reference = try requireRole()
        guard reference.form(form.form, version: form.version) == nil else {
            throw refuse(
                .conflict, "form-exists", "This version of the form is published already; give the new text a version of its own.",
                at: "/data/version")
        }
    }

    /// With the event under judgement on top, somebody must still be administrator, or nobody could ever enrol staff again.
    mutating func requireAdministrator() throws(Stop) {
        guard !ClinicReference(try withEventOnTop()).hasAdministrator else { return }
        throw refuse(.conflict, "last-administrator", "This would leave the clinic without an administrator; enrol another one first.")
    }
}

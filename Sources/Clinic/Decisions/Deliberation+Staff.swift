extension Deliberation {
    /// The author must be enrolled when the event occurred, and hold a role for its type.
    @discardableResult
    mutating func requireRole() throws(Stop) -> ClinicReference {
        let reference = try clinic()
        try requireFounded(reference)
        try requireRole(for: event.body.type, reference)
        return reference
    }

    func requireRole(for type: EventType, _ reference: ClinicReference) throws(Stop) {
        guard let roles = type.roles else { return }
        try requireRole(roles, reference)
    }

    /// One of these roles, for the event under judgement.
    func requireRole(_ roles: Set<StaffRole>, _ reference: ClinicReference) throws(Stop) {
        let type = event.body.type
        guard let staff = reference.staff(proposal.actor, at: event.occurredAt) else {
            throw refuse(
                .forbidden, "actor-not-enrolled",
                "\(proposal.actor) was not enrolled at this clinic at the time of this \(type); have an administrator enrol them.")
        }
        // Who has left can't chart any more, not under an earlier date either.
        guard reference.staff(proposal.actor, at: max(event.occurredAt, proposal.chartedAt ?? now)) != nil else {
            throw refuse(
                .forbidden, "actor-not-enrolled",
                "\(proposal.actor) has been revoked at this clinic; have somebody who is enrolled record this \(type).")
        }
        guard !acting(staff).isDisjoint(with: roles) else {
            let names = roles.map(\.rawValue).sorted().joined(separator: ", ")
            throw refuse(
                .forbidden, "role-not-allowed", "\(proposal.actor) may not record \(type); it takes one of the roles \(names).")
        }
    }

    /// The roles that the actor acts in: those held, or fewer where they come with fewer.
    func acting(_ staff: StaffMember) -> Set<StaffRole> { proposal.roles.map(staff.roles.intersection) ?? staff.roles }

    /// Nothing happens at a clinic before its first administrator is enrolled.
    func requireFounded(_ reference: ClinicReference) throws(Stop) {
        guard reference.isEmpty else { return }
        throw refuse(
            .conflict, "clinic-not-founded",
            "Nobody is enrolled at this clinic yet; record StaffEnrolled with the role administrator on the stream clinic first.")
    }

    /// Somebody named in the data must have been an enrolled prescriber when the event occurred.
    func requirePrescriber(_ handle: String, named field: String, _ reference: ClinicReference) throws(Stop) {
        guard let staff = reference.staff(handle, at: event.occurredAt) else {
            throw refuse(
                .invalid, "unknown-staff", "\(field) names nobody who was enrolled at this time; give the handle of a prescriber.",
                at: "/data/\(field)")
        }
        guard staff.roles.contains(.prescriber) else {
            throw refuse(
                .forbidden, "not-a-prescriber",
                "\(field) names \(handle), who was not a prescriber at this time; give a prescriber's handle.",
                at: "/data/\(field)")
        }
    }
}

import Foundation

/// Registration, consultation, plan.
extension Deliberation {
    mutating func judgePatientRegistered() throws(Stop) {
        try requireRole()
        guard !PatientState(try consult(proposal.stream)).isRegistered else {
            throw refuse(
                .conflict, "already-registered", "This patient is registered already; amend the registration to change it.")
        }
    }

    /// On top of what is known by then, so there must be something.
    mutating func judgePatientDetailsChanged() throws(Stop) {
        try requireRole()
        try requireRegistered()
        guard PatientState(try consult(proposal.stream), until: event.occurredAt).isRegistered else {
            throw refuse(
                .conflict, "not-registered",
                "The patient was not registered by the time of this \(event.body.type); check occurred_at, or amend the registration.",
                at: "/occurred_at")
        }
    }

    mutating func judge(_ followUp: FollowUpRecorded) throws(Stop) {
        try requireRole()
        try requireRegistered()
        guard let id = followUp.session else { return }
        guard try requireSession(id).patient == proposal.stream.id else {
            throw refuse(
                .conflict, "patient-mismatch", "session names another patient's session; give one of this patient's, or leave it out.",
                at: "/data/session")
        }
    }

    mutating func judgeConsultationRecorded() throws(Stop) {
        try requireRole()
        try requireRegistered()
    }

    mutating func judge(_ plan: TreatmentPlanned) throws(Stop) {
        let reference = try requireRole()
        let patient = try requireRegistered()
        guard patient.plan(plan.plan) == nil else {
            throw refuse(
                .conflict, "plan-exists", "This patient has a plan with this id; amend that one, or give the new plan an id of its own.",
                at: "/data/plan")
        }
        try requirePrescriber(plan.prescriber, named: "prescriber", reference)
    }

    /// The patient whose stream this is, as a whole, as a dependency.
    @discardableResult
    mutating func requireRegistered() throws(Stop) -> PatientState {
        let patient = PatientState(try consult(proposal.stream))
        guard patient.isRegistered else { throw unknownPatient() }
        return patient
    }

    /// The same without depending on it, for what is never blocked.
    func requireKnownPatient() throws(Stop) {
        guard PatientState(try peek(proposal.stream)).isRegistered else { throw unknownPatient() }
    }

    /// A patient that the data names must be registered.
    mutating func requirePatient(_ id: UUID) throws(Stop) -> PatientState {
        let patient = PatientState(try consult(.patient(id)))
        guard patient.isRegistered else {
            throw refuse(
                .invalid, "unknown-patient", "patient names nobody who is registered; register the patient first, or correct the id.",
                at: "/data/patient")
        }
        return patient
    }

    private func unknownPatient() -> Stop {
        refuse(.notFound, "unknown-patient", "There is no patient on the stream \(proposal.stream); record PatientRegistered first.")
    }
}

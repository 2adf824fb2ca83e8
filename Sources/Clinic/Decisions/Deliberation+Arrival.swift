import Foundation

/// Booking, arrival, the line in the arm.
extension Deliberation {
    mutating func judge(_ booking: SessionBooked) throws(Stop) {
        try requireRole()
        let session = SessionState(try consult(proposal.stream))
        guard session.booked == nil else {
            throw refuse(.conflict, "already-booked", "This session is booked already; amend the booking, or book a new session.")
        }
        guard session.discharge == nil else { throw alreadyDischarged() }
        try requireSamePatient(booking.patient, session)
        let patient = try requirePatient(booking.patient)
        if let plan = booking.plan, patient.plan(plan) == nil {
            throw refuse(
                .invalid, "unknown-plan", "plan names no plan of this patient; record TreatmentPlanned first, or correct the id.",
                at: "/data/plan")
        }
    }

    mutating func judgeSessionCancelled() throws(Stop) {
        try requireRole()
        let session = SessionState(try consult(proposal.stream))
        guard session.exists else { throw unknownSession() }
        guard session.arrival == nil else {
            throw refuse(
                .conflict, "already-arrived",
                "The patient has arrived, so the session takes place; discharge the patient, or void the arrival if it is a mistake.")
        }
        guard session.cancellation == nil else {
            throw refuse(.conflict, "already-cancelled", "This session is cancelled already; amend the cancellation to change it.")
        }
    }

    mutating func judge(_ arrival: PatientArrived) throws(Stop) {
        try requireRole()
        let history = try consult(proposal.stream)
        let session = SessionState(history)
        guard SessionState(history, until: event.occurredAt).discharge == nil else { throw alreadyDischarged() }
        guard session.arrival == nil else {
            throw refuse(.conflict, "already-arrived", "The patient's arrival is recorded already; amend it to change it.")
        }
        guard session.cancellation == nil else { throw cancelled() }
        try requireSamePatient(arrival.patient, session)
        _ = try requirePatient(arrival.patient)
    }

    mutating func judge(_ insertion: IVInserted) throws(Stop) {
        let reference = try requireRole()
        let state = try requireOpenSession()
        _ = try requireArrival(state)
        let isTaken = state.lines.contains {
            $0.isIn && $0.inserted.body.site == insertion.site && $0.inserted.body.side == insertion.side
        }
        guard !isTaken else {
            throw refuse(
                .conflict, "iv-already-in", "An IV is in at this site and side; record IVRemoved for it first, or correct the site.",
                at: "/data/site")
        }
        let patient = try patientOfSession()
        try requireCandidacy(patient, reference)
        try requireConsent(patient, reference)
        try requireNoContraindication(state, patient, reference)
    }

    /// An assessment and a failed attempt: whatever their result, the patient is there.
    mutating func judgePreparation() throws(Stop) {
        try requireRole()
        _ = try requireArrival(try requireOpenSession())
    }

    /// Never blocked while any line is in, wherever the author says that it was: a slip in the site must not keep a removal out of the chart.
    mutating func judgeIVRemoved() throws(Stop) {
        try requireKnownSession()
        guard SessionState(try consult(proposal.stream), until: event.occurredAt).isIVIn else {
            throw noIV()
        }
    }

    func noIV() -> Stop {
        refuse(.conflict, "no-iv-in", "No IV is in at the time of this \(event.body.type); record IVInserted first, or check occurred_at.")
    }

    private func requireSamePatient(_ patient: UUID, _ session: SessionState) throws(Stop) {
        guard session.patient == nil || session.patient == patient else {
            throw refuse(
                .conflict, "patient-mismatch", "This session is another patient's; check the patient, or use a session of their own.",
                at: "/data/patient")
        }
    }
}

import Foundation

/// What the decisions on a session have in common.
extension Deliberation {
    /// For what is never blocked: it must only be clear whose session it is.
    func requireKnownSession() throws(Stop) {
        guard SessionState.exists(in: try peek(proposal.stream)) else { throw unknownSession() }
    }

    /// A session that the data names must be known.
    mutating func requireSession(_ id: UUID) throws(Stop) -> SessionState {
        let session = SessionState(try consult(.session(id)))
        guard session.exists else {
            throw refuse(
                .invalid, "unknown-session",
                "session names no session that has been booked or begun; record SessionBooked or PatientArrived first, or correct the id.",
                at: "/data/session")
        }
        return session
    }

    /// The session at the time of the event. It must exist (at any time), and not be discharged or cancelled by then.
    mutating func requireOpenSession() throws(Stop) -> SessionState {
        let history = try consult(proposal.stream)
        guard SessionState.exists(in: history) else { throw unknownSession() }
        let state = SessionState(history, until: event.occurredAt)
        guard state.discharge == nil else { throw alreadyDischarged() }
        guard state.cancellation == nil || state.arrival != nil else { throw cancelled() }
        return state
    }

    /// The patient of the session, at the time of the event.
    mutating func patientOfSession() throws(Stop) -> PatientState {
        let session = SessionState(try consult(proposal.stream))
        guard let id = session.patient else { throw unknownSession() }
        return PatientState(try consult(.patient(id)), until: event.occurredAt)
    }

    func requireArrival(_ state: SessionState) throws(Stop) -> PatientArrived {
        guard let arrival = state.arrival?.body else {
            throw refuse(
                .conflict, "not-arrived",
                "The patient has not arrived by the time of this \(event.body.type); record PatientArrived with the weight first.")
        }
        return arrival
    }

    func alreadyDischarged() -> Stop {
        refuse(
            .conflict, "already-discharged",
            "The session was discharged by the time of this \(event.body.type); a late entry needs an occurred_at before the discharge.")
    }

    func cancelled() -> Stop {
        refuse(
            .conflict, "session-cancelled",
            "The session has been cancelled; void the SessionCancelled if it takes place after all, or book a new session.")
    }

    func unknownSession() -> Stop {
        refuse(
            .notFound, "unknown-session",
            "There is no session on the stream \(proposal.stream); record SessionBooked or PatientArrived first.")
    }
}

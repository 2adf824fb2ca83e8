/// Recovery, driver, order, discharge.
extension Deliberation {
    mutating func judgeRecoveryScored() throws(Stop) {
        try requireRole()
        _ = try requireArrival(try requireOpenSession())
    }

    mutating func judgeDriverConfirmed() throws(Stop) {
        try requireRole()
        _ = try requireOpenSession()
    }

    mutating func judge(_ order: DischargeOrdered) throws(Stop) {
        let reference = try requireRole()
        _ = try requireOpenSession()
        try requirePrescriber(order.by, named: "by", reference)
    }

    mutating func judgeDischarged() throws(Stop) {
        let reference = try requireRole()
        let state = try requireOpenSession()
        _ = try requireArrival(state)
        let whole = SessionState(try consult(proposal.stream))
        // A second one is impossible wherever it is dated.
        guard whole.discharge == nil else {
            throw refuse(.conflict, "already-discharged", "The session is discharged already; amend the discharge to change it.")
        }
        guard state.run == nil else {
            throw refuse(.conflict, "infusion-running", "An infusion runs at the time of this Discharged; record InfusionStopped first.")
        }
        guard !whole.runs.contains(where: { $0.start.at > event.occurredAt }) else {
            throw refuse(
                .conflict, "infusion-later", "An infusion starts after the time of this Discharged; check occurred_at.", at: "/occurred_at")
        }
        guard !state.runs.isEmpty else { return }
        try requireScore(state, reference)
        try requireDriver(state, reference)
    }

    /// `score`: the last recovery score reaches the policy's.
    private func requireScore(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        let least = reference.policy(at: event.occurredAt).recoveryScoreMin
        let failure: String? =
            switch state.recoveryScores.last?.body.total {
            case .some(let total) where total >= least: nil
            case .some: "the last recovery score is below the \(least) that the policy asks for"
            case .none: "no recovery score has been recorded by this time"
            }
        try require(.score, failure: failure, reference)
    }

    /// `driver`: an adult has been confirmed at release.
    private func requireDriver(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        let isConfirmed = state.drivers.contains { $0.body.adult && $0.body.stage == .release }
        try require(.driver, failure: isConfirmed ? nil : "no adult driver has been confirmed at release", reference)
    }
}

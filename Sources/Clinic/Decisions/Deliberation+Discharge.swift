import Canonical

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

    mutating func judge(_ exemption: DriverExempted) throws(Stop) {
        let reference = try requireRole()
        _ = try requireOpenSession()
        try requirePrescriber(exemption.by, named: "by", reference)
    }

    /// May be noted before the patient comes.
    mutating func judgeWaiverNoted() throws(Stop) {
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
        if let run = state.runs.last {
            try requireScore(state, reference)
            try requireOrder(state, reference)
            try requireDriver(state, reference)
            try requireRecovery(after: run, reference)
        }
        try require(.ivIn, failure: state.isIVIn ? "an IV is still in" : nil, reference)
        let isOpen = state.openSideEffects.values.contains { $0.observed.body.grade >= Self.severeGrade }
        try require(.sideEffectOpen, failure: isOpen ? "a side effect of grade \(Self.severeGrade) or more is open" : nil, reference)
    }

    /// CTCAE: severe, or medically significant.
    static let severeGrade = 3

    /// `score`: the last recovery score reaches the policy's.
    private mutating func requireScore(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        let least = reference.policy(at: event.occurredAt).recoveryScoreMin
        let failure: String? =
            switch state.recoveryScores.last?.body.total {
            case .some(let total) where total >= least: nil
            case .some: "the last recovery score is below the \(least) that the policy asks for"
            case .none: "no recovery score has been recorded by this time"
            }
        try require(.score, failure: failure, reference)
    }

    /// `order`: somebody who was a prescriber then has ordered the discharge.
    private mutating func requireOrder(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        let isOrdered = state.dischargeOrders.contains { reference.isPrescriber($0.body.by, at: $0.at) }
        try require(.order, failure: isOrdered ? nil : "no prescriber has ordered the discharge", reference)
    }

    /// `recovery_time`: as long as the policy asks for has passed since the last infusion ended.
    private mutating func requireRecovery(after run: InfusionRun, _ reference: ClinicReference) throws(Stop) {
        let least = reference.policy(at: event.occurredAt).recoveryMin
        let isOver = run.end.map { $0.adding(minutes: Int64(least)) <= event.occurredAt } == true
        try require(.recoveryTime, failure: isOver ? nil : "less than \(least) min have passed since the infusion stopped", reference)
    }

    /// `driver`: an adult has been confirmed at release, or a prescriber has exempted the patient.
    private mutating func requireDriver(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        let isConfirmed = state.drivers.contains { $0.body.adult && $0.body.stage == .release }
        let isExempted = state.driverExemptions.contains { reference.isPrescriber($0.body.by, at: $0.at) }
        try require(.driver, failure: isConfirmed || isExempted ? nil : "no adult driver has been confirmed at release", reference)
    }
}

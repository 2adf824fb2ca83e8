/// Start, adjustment and stop of an infusion.
extension Deliberation {
    mutating func judge(_ start: InfusionStarted) throws(Stop) {
        let reference = try requireRole()
        let state = try requireOpenSession()
        let weight = try requireArrival(state).weightKg
        guard state.isIVIn else { throw noIV() }
        guard state.run == nil else {
            throw refuse(
                .conflict, "infusion-running", "An infusion runs already; record InfusionStopped first, or DoseAdjusted to change it.")
        }
        try requireBounds(rate: start.rateMgPerH, field: "rate_mg_per_h", weight)
        if let bolus = start.bolusMg { try requireBounds(bolus: bolus, field: "bolus_mg", weight) }
        try requirePrescriber(start.prescriber, named: "prescriber", reference)
        let vial = try requireVial(start.vial)
        let patient = try patientOfSession()
        try requireReadiness(state, patient, reference)
        try requireFasting(state, reference)
        try requireUnexpired(vial, reference)
        let order = DoseOrder(rate: start.rateMgPerH, step: nil, bolus: start.bolusMg)
        try requireDose(order, state, patient, weight, reference)
    }

    mutating func judge(_ adjustment: DoseAdjusted) throws(Stop) {
        let reference = try requireRole()
        let state = try requireOpenSession()
        guard let run = state.run else { throw noInfusion() }
        guard run.rate == adjustment.fromRateMgPerH else {
            throw refuse(
                .conflict, "stale-rate",
                "from_rate_mg_per_h is not the rate in force, which is \(run.rate.withUnit); look again and send that.",
                at: "/data/from_rate_mg_per_h")
        }
        let weight = try requireArrival(state).weightKg
        try requireBounds(rate: adjustment.toRateMgPerH, field: "to_rate_mg_per_h", weight)
        try requirePrescriber(adjustment.orderedBy, named: "ordered_by", reference)
        guard adjustment.toRateMgPerH > adjustment.fromRateMgPerH else { return }
        let patient = try patientOfSession()
        try requireReadiness(state, patient, reference)
        // A pause is not a dose to climb from: a resumption is measured from the rate before it.
        let base = run.rate > .zero ? run.rate : run.lastFlowingRate
        let step = MilligramsPerHour(thousandths: max(0, adjustment.toRateMgPerH.thousandths - base.thousandths))
        try requireDose(DoseOrder(rate: adjustment.toRateMgPerH, step: step, bolus: nil), state, patient, weight, reference)
    }

    mutating func judge(_ bolus: BolusGiven) throws(Stop) {
        let reference = try requireRole()
        let state = try requireOpenSession()
        guard state.run != nil else { throw noInfusion() }
        let weight = try requireArrival(state).weightKg
        try requireBounds(bolus: bolus.doseMg, field: "dose_mg", weight)
        try requirePrescriber(bolus.orderedBy, named: "ordered_by", reference)
        let patient = try patientOfSession()
        try requireReadiness(state, patient, reference)
        try requireDose(DoseOrder(rate: nil, step: nil, bolus: bolus.doseMg), state, patient, weight, reference)
    }

    /// What must hold before more of the drug is given.
    private mutating func requireReadiness(
        _ state: SessionState, _ patient: PatientState, _ reference: ClinicReference
    ) throws(Stop) {
        try requireCandidacy(patient, reference)
        try requireConsent(patient, reference)
        try requireNoContraindication(state, patient, reference)
    }

    /// Never blocked while it runs. That it runs is a condition, so that of two stops at once the second is refused.
    mutating func judgeInfusionStopped() throws(Stop) {
        try requireKnownSession()
        guard SessionState(try consult(proposal.stream), until: event.occurredAt).run != nil else { throw noInfusion() }
    }

    private func noInfusion() -> Stop {
        refuse(
            .conflict, "no-infusion-running",
            "No infusion runs at the time of this \(event.body.type); record InfusionStarted first, or check occurred_at.")
    }
}

/// What is ordered now, for the gate `dose`.
struct DoseOrder {
    /// Nil for a bolus, which leaves the rate as it is.
    let rate: MilligramsPerHour?
    /// By how much the rate climbs; nil at a start, which is no step.
    let step: MilligramsPerHour?
    let bolus: Milligrams?
}

/// Limits by weight. Products are compared exactly, without rounding: µg against (thousandths of a unit per kg) × g.
extension Deliberation {
    /// mg/kg/h. Nobody may pass it.
    static let maximumRate: MilligramsPerKilogramPerHour = 2
    /// mg/kg. Nobody may pass it.
    static let maximumBolus: MilligramsPerKilogram = 1
    /// mg/kg/h at once, without the override `dose`.
    static let maximumStep = MilligramsPerKilogramPerHour(thousandths: 300)

    func requireBounds(rate: MilligramsPerHour, field: String, _ weight: Kilograms) throws(Stop) {
        guard exceeds(rate, Self.maximumRate, weight) else { return }
        throw refuse(
            .invalid, "dose-out-of-bounds",
            "\(field) is more than \(Self.maximumRate.withUnit) at the weight on arrival; check the rate and the unit.",
            at: "/data/\(field)")
    }

    func requireBounds(bolus: Milligrams, field: String, _ weight: Kilograms) throws(Stop) {
        guard exceeds(bolus, Self.maximumBolus, weight) else { return }
        throw refuse(
            .invalid, "dose-out-of-bounds",
            "\(field) is more than \(Self.maximumBolus.withUnit) at the weight on arrival; check the dose and the unit.",
            at: "/data/\(field)")
    }

    /// `dose`: what is ordered now stays within the plan, and no step is too large. What the rate would give later is not predicted.
    mutating func requireDose(
        _ order: DoseOrder, _ state: SessionState, _ patient: PatientState, _ weight: Kilograms, _ reference: ClinicReference
    ) throws(Stop) {
        let session = SessionState(try consult(proposal.stream))
        let plan = patient.plan(session.plan)?.body
        try require(.dose, failure: plan.map { doseFailure(order, $0, state, weight) } ?? "no plan is in force for this session", reference)
    }

    private func doseFailure(_ order: DoseOrder, _ plan: TreatmentPlanned, _ state: SessionState, _ weight: Kilograms) -> String? {
        if let rate = order.rate, exceeds(rate, plan.maxRateMgPerKgPerH, weight) {
            return "the rate is more than the plan's \(plan.maxRateMgPerKgPerH.withUnit) at the weight on arrival"
        }
        if let step = order.step, exceeds(step, Self.maximumStep, weight) {
            return "the step is more than \(Self.maximumStep.withUnit) at once"
        }
        if let bolus = order.bolus {
            guard let most = plan.bolusMaxMgPerKg else { return "the plan allows no bolus" }
            if exceeds(bolus, most, weight) { return "the bolus is more than the plan's \(most.withUnit) at the weight on arrival" }
        }
        // A sum that doesn't fit is more than any plan allows.
        let given = Int128((try? state.given(at: event.occurredAt))?.thousandths ?? .max)
        let ordered = Int128(order.bolus?.thousandths ?? 0)
        let most = Int128(plan.maxMgPerKg.thousandths) * Int128(weight.thousandths)
        if given * 1000 >= most { return "the plan's \(plan.maxMgPerKg.withUnit) have been given" }
        if (given + ordered) * 1000 > most {
            return "with this bolus, more than the plan's \(plan.maxMgPerKg.withUnit) will have been given"
        }
        return nil
    }

    private func exceeds<Absolute, PerKilogram>(_ dose: Quantity<Absolute>, _ limit: Quantity<PerKilogram>, _ weight: Kilograms) -> Bool {
        Int128(dose.thousandths) * 1000 > Int128(limit.thousandths) * Int128(weight.thousandths)
    }
}

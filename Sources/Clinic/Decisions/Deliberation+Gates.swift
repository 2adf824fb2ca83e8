import Canonical

extension Deliberation {
    /// Refuses if a gate fails and no valid override names it: this request's, or one that stands in the session.
    ///
    /// - Parameter failure: why it fails, as a clause ("no consent has been signed"); nil where it holds.
    mutating func require(_ gate: Gate, failure: String?, _ reference: ClinicReference) throws(Stop) {
        guard let failure else { return }
        if try isOverriddenBefore(gate, reference) { return }
        guard let override, override.gate == gate else {
            let slug = gate.rawValue.replacing("_", with: "-")
            throw refuse(
                .gate(gate), "gate-\(slug)",
                "\(event.body.type) is stopped by the gate \(gate.rawValue): \(failure); a prescriber may override it with a reason.")
        }
        guard let staff = reference.staff(proposal.actor, at: event.occurredAt), acting(staff).contains(.prescriber) else {
            let message = "The gate \(gate.rawValue) may be overridden by a prescriber only; have one record this \(event.body.type)."
            let problem = Problem(pointer: "/override", message: message)
            throw .refused(Refusal(kind: .forbidden, code: "override-needs-prescriber", message: message, problems: [problem]))
        }
    }

    /// Whether a prescriber has overridden the gate earlier in this session, so that nobody has to do it again at every step.
    ///
    /// An override of `dose` is for its own order only: another one is another dose. One of `consent` falls when consent is withdrawn after it.
    private mutating func isOverriddenBefore(_ gate: Gate, _ reference: ClinicReference) throws(Stop) -> Bool {
        guard gate != .dose, proposal.stream.kind == .session else { return false }
        let session = SessionState(try consult(proposal.stream), until: event.occurredAt)
        guard let earlier = session.override(of: gate, by: event.occurredAt, reference) else { return false }
        guard gate == .consent, let withdrawal = try patientOfSession().withdrawals.last else { return true }
        return (withdrawal.at, withdrawal.position) < (earlier.at, earlier.position)
    }
}

/// The gates before a line, a start, a raise and a bolus; `dose` has a file of its own.
extension Deliberation {
    /// `candidacy`: the last consultation by then says candidate.
    mutating func requireCandidacy(_ patient: PatientState, _ reference: ClinicReference) throws(Stop) {
        let failure: String? =
            switch patient.candidacy {
            case .candidate: nil
            case .none: "no consultation has been recorded by this time"
            case .some: "the last consultation did not find the patient to be a candidate"
            }
        try require(.candidacy, failure: failure, reference)
    }

    /// `consent`: signed, on the newest version of its form, and not withdrawn.
    mutating func requireConsent(_ patient: PatientState, _ reference: ClinicReference) throws(Stop) {
        let failure: String? =
            switch patient.consentStanding(at: event.occurredAt, reference) {
            case .inForce: nil
            case .notSigned: "no consent had been signed by this time"
            case .withdrawn: "the consent has been withdrawn"
            case .outdated: "the consent was not signed on the newest version of its form"
            }
        try require(.consent, failure: failure, reference)
    }

    /// `contraindication`: none was present in the last consultation, and the last pregnancy test of the session was not positive.
    mutating func requireNoContraindication(
        _ state: SessionState, _ patient: PatientState, _ reference: ClinicReference
    ) throws(Stop) {
        let isPresent = patient.consultations.last?.body.contraindications.contains { $0.status == .present } == true
        let isPregnant = state.assessments.last { $0.body.pregnancyTest != nil }?.body.pregnancyTest == .positive
        let failure: String? =
            if isPresent {
                "the last consultation found a contraindication to be present"
            } else if isPregnant {
                "the last pregnancy test of this session was positive"
            } else {
                nil
            }
        try require(.contraindication, failure: failure, reference)
    }

    /// `fasting`: as the ASA's guidelines of 2017 and 2023 ask, by the times charted on arrival. Where none is charted nothing stops here;
    /// an audit finds that.
    mutating func requireFasting(_ state: SessionState, _ reference: ClinicReference) throws(Stop) {
        guard let arrival = state.arrival?.body else { return }
        let meals = [
            ("clear liquids", arrival.lastClearLiquidAt, Int64(2)), ("a light meal", arrival.lastLightMealAt, 6),
            ("a heavy meal", arrival.lastHeavyMealAt, 8),
        ]
        let early = meals.first { _, time, hours in time.map { event.occurredAt < $0.adding(minutes: hours * 60) } == true }
        try require(.fasting, failure: early.map { "\($0.0) less than \($0.2) h before the start" }, reference)
    }
}

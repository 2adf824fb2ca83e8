extension Deliberation {
    /// Refuses if a gate fails and no valid override names it.
    ///
    /// - Parameter failure: why it fails, as a clause ("no consent has been signed"); nil where it holds.
    func require(_ gate: Gate, failure: String?, _ reference: ClinicReference) throws(Stop) {
        guard let failure else { return }
        guard let override, override.gate == gate else {
            let slug = gate.rawValue.replacing("_", with: "-")
            throw refuse(
                .gate(gate), "gate-\(slug)",
                "\(event.body.type) is stopped by the gate \(gate.rawValue): \(failure); a prescriber may override it with a reason.")
        }
        guard let staff = reference.staff(proposal.actor, at: event.occurredAt), staff.roles.contains(.prescriber) else {
            let message = "The gate \(gate.rawValue) may be overridden by a prescriber only; have one record this \(event.body.type)."
            let problem = Problem(pointer: "/override", message: message)
            throw .refused(Refusal(kind: .forbidden, code: "override-needs-prescriber", message: message, problems: [problem]))
        }
    }

    /// `candidacy`: the last consultation by then says candidate.
    func requireCandidacy(_ patient: PatientState, _ reference: ClinicReference) throws(Stop) {
        let failure: String? =
            switch patient.candidacy {
            case .candidate: nil
            case .none: "no consultation has been recorded by this time"
            case .some: "the last consultation did not find the patient to be a candidate"
            }
        try require(.candidacy, failure: failure, reference)
    }

    /// `consent`: signed, on the newest version of its form, and not withdrawn.
    func requireConsent(_ patient: PatientState, _ reference: ClinicReference) throws(Stop) {
        let failure: String? =
            switch patient.consentStanding(at: event.occurredAt, reference) {
            case .inForce: nil
            case .notSigned: "no consent had been signed by this time"
            case .withdrawn: "the consent has been withdrawn"
            case .outdated: "the consent was not signed on the newest version of its form"
            }
        try require(.consent, failure: failure, reference)
    }
}

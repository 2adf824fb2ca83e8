import Canonical
import Clinic

/// C1: when the first IV line went in, a consent was signed, on the newest version of its form, and not withdrawn. A prescriber's override
/// stands for it unless consent is withdrawn afterwards.
struct ConsentBeforeIV: Rule {
    let id = "C1"
    let title = "Consent before the IV"
    let citation = "42 CFR 482.51(b)(2), 482.24(c), 416.47(b)"
    let needs = "the consents and withdrawals of the patient, the published forms, and the first IV line and the overrides of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let line = evidence.session.lines.first?.inserted else { return evidence.notApplicable("No IV line was inserted") }
        let at = line.at
        let iv = evidence.deciding(line)
        switch evidence.patient.consentStanding(at: at, evidence.reference) {
        case .inForce(let consent):
            let sentence =
                "Consent \(consent.body.form) \(consent.body.formVersion) signed \(consent.body.signedAt.dateAndClock), before the IV at \(at.clock)"
            return evidence.finding(.pass, sentence, [evidence.decidingOfPatient(consent), iv], at: at)
        case .notSigned:
            return evidence.failure(
                "No consent had been signed when the IV went in at \(at.dateAndClock)", guardedBy: [.consent], [iv], at: at)
        case .withdrawn(let withdrawal):
            return evidence.failure(
                "Consent was withdrawn at \(withdrawal.at.clock(besides: at)), before the IV at \(at.clock)", guardedBy: [.consent],
                [iv, evidence.decidingOfPatient(withdrawal)], at: at, after: withdrawal)
        case .outdated(let consent):
            let newest =
                evidence.reference.newestVersion(of: consent.body.form, at: at).map { "version \($0) was out" }
                ?? "no version was published"
            return evidence.failure(
                "Consent was signed on \(consent.body.form) \(consent.body.formVersion), but \(newest) when the IV went in at \(at.clock)",
                guardedBy: [.consent], [iv, evidence.decidingOfPatient(consent)], at: at)
        }
    }
}

import Canonical
import Clinic

/// P1: before the first start a prescriber found the patient to be a candidate, and the screen for contraindications was filled in.
struct CandidacyBeforeInfusion: Rule {
    let id = "P1"
    let title = "Candidate, screened"
    let citation = "ASRA/AAPM/ASA consensus guidelines 2018"
    let needs = "the consultations of the patient, and the first start and the overrides of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let consultation = evidence.patient.consultations.last { $0.at <= start.at }
        let deciding = (consultation.map { [evidence.decidingOfPatient($0)] } ?? []) + [evidence.deciding(start)]
        if let failure = failure(consultation, start) {
            return evidence.failure(failure, guardedBy: [.candidacy], deciding, at: start.at)
        }
        let on = consultation.map { " on \($0.at.dateAndClock) by \($0.actor)" } ?? ""
        return evidence.finding(.pass, "Found to be a candidate\(on), before the start at \(start.at.clock)", deciding, at: start.at)
    }

    /// Why it doesn't hold; nil where it does.
    private func failure(_ consultation: Charted<ConsultationRecorded>?, _ start: Charted<InfusionStarted>) -> String? {
        guard let consultation else { return "No consultation before the start at \(start.at.dateAndClock)" }
        let made = "The consultation of \(consultation.at.dateAndClock)"
        switch consultation.body.candidacy {
        case .candidate: return consultation.body.contraindications.isEmpty ? "\(made) has an empty contraindication screen" : nil
        case .notCandidate: return "\(made) found no candidate"
        case .deferred: return "\(made) deferred the decision"
        }
    }
}

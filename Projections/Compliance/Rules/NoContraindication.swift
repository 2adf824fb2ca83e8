import Canonical
import Clinic

/// P3: at the first start no contraindication was present: by the last consultation, and by the last pregnancy test of the session. One that is
/// controlled is none. Whether there was a screen at all is for P1 to say.
struct NoContraindication: Rule {
    let id = "P3"
    let title = "No contraindication"
    let citation = "ASRA/AAPM/ASA consensus guidelines 2018"
    let needs = "the consultations of the patient, and the assessments, the first start and the overrides of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let consultation = evidence.patient.consultations.last { $0.at <= start.at }
        let test = evidence.session.assessments.last { $0.at <= start.at && $0.body.pregnancyTest != nil }
        var present: [String] = []
        if let consultation {
            let codes = consultation.body.contraindications.filter { $0.status == .present }.map(\.code.words)
            if !codes.isEmpty { present.append("\(Phrase.list(codes)) at the consultation of \(consultation.at.dateAndClock)") }
        }
        if let test, test.body.pregnancyTest == .positive {
            present.append("a positive pregnancy test at \(test.at.clock(besides: start.at))")
        }
        let deciding =
            (consultation.map { [evidence.decidingOfPatient($0)] } ?? []) + (test.map { [evidence.deciding($0)] } ?? [])
            + [evidence.deciding(start)]
        guard present.isEmpty else {
            return evidence.failure(
                "Present before the start at \(start.at.clock): \(Phrase.list(present))", guardedBy: [.contraindication], deciding,
                at: start.at)
        }
        guard let consultation, !consultation.body.contraindications.isEmpty else {
            return evidence.notApplicable("No screen for contraindications was made before the start, see P1")
        }
        let screened = Phrase.count(consultation.body.contraindications.count, "contraindication")
        return evidence.finding(
            .pass, "None present of \(screened) looked for on \(consultation.at.dateAndClock), before the start at \(start.at.clock)",
            deciding, at: start.at)
    }
}

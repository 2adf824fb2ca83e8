import Canonical
import Clinic

/// X4: the patient left with written instructions, and the chart says which version. A discharge cannot be charted without it, so there is no verdict
/// but a pass once the patient has left.
struct InstructionsAtDischarge: Rule {
    let id = "X4"
    let title = "Written instructions"
    let citation = "42 CFR 416.52(c)(1)"
    let needs = "the discharge of the session"
    let verdicts: Set<Verdict> = [.pass, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        return evidence.finding(
            .pass, "Discharged at \(discharge.at.clock) with the written instructions \(discharge.body.instructionsVersion)",
            [evidence.deciding(discharge)], at: discharge.at)
    }
}

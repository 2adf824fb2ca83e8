import Canonical
import Clinic

/// X5: the patient stayed long enough after the last stop.
struct RecoveryTime: Rule {
    let id = "X5"
    let title = "Time in recovery"
    let citation = "clinic policy"
    let needs = "the last stop, the overrides and the discharge of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]
    let policyValues = ["recovery_min"]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let run = evidence.session.runs.last else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let policy = evidence.policy(at: discharge.at)
        guard let stop = run.stop else {
            // No gate lets a patient go whose infusion runs.
            return evidence.finding(
                .fail, "Discharged at \(discharge.at.clock), but no stop of the infusion is charted",
                [evidence.deciding(run.start), evidence.deciding(discharge)], at: discharge.at)
        }
        let stayed = discharge.at.microseconds(since: stop.at)
        let asked = "policy \(policy.version) asks for \(policy.recoveryMin)"
        let deciding = [evidence.deciding(stop), evidence.deciding(discharge)]
        if stayed < 0 {
            return evidence.finding(
                .fail, "Discharged at \(discharge.at.clock), before the stop at \(stop.at.clock); \(asked)", deciding, at: discharge.at)
        }
        // Rounded down: 29 min 59.5 s must not read as 30 min.
        let words = Span.words(stayed / 1_000_000 * 1_000_000)
        let sentence = "Discharged \(words) after the stop (\(stop.at.clock)–\(discharge.at.clock(besides: stop.at))); \(asked)"
        guard stayed < Int64(policy.recoveryMin) * 60_000_000 else { return evidence.finding(.pass, sentence, deciding, at: discharge.at) }
        return evidence.failure(sentence, guardedBy: [.recoveryTime], deciding, at: discharge.at)
    }
}

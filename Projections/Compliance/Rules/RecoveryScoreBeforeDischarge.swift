import Canonical
import Clinic

/// X1: the last recovery score before discharge reaches the policy's.
struct RecoveryScoreBeforeDischarge: Rule {
    let id = "X1"
    let title = "Recovery score"
    let citation = "Aldrete 1995; Chung 1995"
    let needs = "the recovery scores, the overrides and the discharge of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]
    let policyValues = ["recovery_score_min"]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let policy = evidence.policy(at: discharge.at)
        let asked = "policy \(policy.version) asks for \(policy.recoveryScoreMin)"
        let left = evidence.deciding(discharge)
        guard let score = evidence.session.recoveryScores.last(where: { $0.at <= discharge.at }) else {
            return evidence.failure(
                "No recovery score before discharge at \(discharge.at.clock); \(asked)", guardedBy: [.score], [left], at: discharge.at)
        }
        let deciding = [left, evidence.deciding(score)]
        let scored = "\(score.body.scale.label) score \(score.body.total) at \(score.at.clock)"
        guard score.body.total < policy.recoveryScoreMin else {
            return evidence.finding(.pass, "\(scored), before discharge at \(discharge.at.clock); \(asked)", deciding, at: discharge.at)
        }
        return evidence.failure(
            "The last \(scored) was too low for discharge at \(discharge.at.clock); \(asked)", guardedBy: [.score], deciding,
            at: discharge.at)
    }
}

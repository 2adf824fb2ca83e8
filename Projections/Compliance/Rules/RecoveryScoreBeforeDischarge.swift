import Canonical
import Clinic

/// X1: the last recovery score before discharge reaches the policy's.
struct RecoveryScoreBeforeDischarge: Rule {
    let id = "X1"
    let title = "Recovery score"
    let citation = "Aldrete 1995; Chung 1995"
    let needs = "the recovery scores of the session, and its discharge"

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let policy = evidence.policy(at: discharge.at)
        let asked = "policy \(policy.version) asks for \(policy.recoveryScoreMin)"
        let left = evidence.deciding(discharge)
        let failure: String
        var deciding = [left]
        if let score = evidence.session.recoveryScores.last(where: { $0.at <= discharge.at }) {
            deciding.append(evidence.deciding(score))
            let scored = "\(score.body.scale.label) score \(score.body.total) at \(score.at.clock)"
            guard score.body.total < policy.recoveryScoreMin else {
                return evidence.finding(.pass, "\(scored), before discharge at \(discharge.at.clock); \(asked)", deciding, at: discharge.at)
            }
            failure = "The last \(scored) was too low for discharge at \(discharge.at.clock); \(asked)"
        } else {
            failure = "No recovery score before discharge at \(discharge.at.clock); \(asked)"
        }
        guard discharge.override?.gate == .score else { return evidence.finding(.fail, failure, deciding, at: discharge.at) }
        return evidence.finding(.overridden, failure + "; gate score overridden by \(discharge.actor)", deciding, at: discharge.at)
    }
}

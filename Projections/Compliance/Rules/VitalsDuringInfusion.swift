import Canonical
import Clinic

/// M1: while an infusion runs, paused or not, heart rate and blood pressure are charted often enough. The ways from the start to the first
/// set and from the last set to the stop count too. The policy at the start of the infusion applies to all of it. Time that a prescriber's waiver
/// covers is not counted.
struct VitalsDuringInfusion: Rule {
    let id = "M1"
    let title = "Vitals during the infusion"
    let citation = "ASA Standards for Basic Anesthetic Monitoring, by policy"
    let needs = "the vitals and waivers of the session, and its starts and stops"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]
    let policyValues = ["vitals_gap_min"]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let first = evidence.session.runs.first else { return evidence.notApplicable("No infusion was started") }
        let waivers = evidence.waivers(of: id)
        let cadence = InfusionCadence(of: evidence.vitals, evidence, limit: \.vitalsGapMin, waivers: waivers)
        let gaps = cadence.missed.isEmpty ? cadence.waived : cadence.missed
        let start = gaps.first?.run.start ?? first.start
        let policy = evidence.policy(at: start.at)
        let allowed = "policy \(policy.version) allows \(policy.vitalsGapMin)"
        guard !gaps.isEmpty else {
            let sentence = "Heart rate and blood pressure at most \(Span.words(cadence.longest)) apart; \(allowed)"
            return evidence.finding(.pass, sentence, evidence.endsOfInfusions, at: start.at)
        }
        let sentence = "No heart rate and blood pressure for \(Phrase.list(gaps.map(\.words))); \(allowed)"
        let deciding = gaps.flatMap { [$0.from, $0.to] }
        guard cadence.missed.isEmpty else { return evidence.finding(.fail, sentence, deciding, at: start.at) }
        let covering = waivers.filter { waiver in gaps.contains { $0.meets(waiver) } }
        return evidence.finding(
            .overridden, "\(sentence); \(covering.words)", deciding + covering.map { evidence.deciding($0) }, at: start.at)
    }
}

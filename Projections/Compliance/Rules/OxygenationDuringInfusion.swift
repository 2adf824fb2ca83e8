import Canonical
import Clinic

/// M2: while an infusion runs, SpO2 is charted as often as M1 asks for the other vitals; and whenever sedation is charted as MOAA/S 3 or deeper, EtCO2
/// stands beside it, at the same time. Time that a prescriber's waiver covers is not counted.
struct OxygenationDuringInfusion: Rule {
    let id = "M2"
    let title = "SpO2 and EtCO2"
    let citation = "ASA Standards for Basic Anesthetic Monitoring, by policy"
    let needs = "the vitals and waivers of the session, and its starts and stops"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]
    let policyValues = ["vitals_gap_min"]

    /// From this score down a patient answers only to a loud or repeated call: EtCO2 is asked for.
    private static let sedated = 3

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let first = evidence.session.runs.first else { return evidence.notApplicable("No infusion was started") }
        let waivers = evidence.waivers(of: id)
        let vitals = evidence.history.clinical.filter { $0.vitals != nil }
        let cadence = InfusionCadence(
            of: vitals.filter { $0.vitals?.spo2Percent != nil }, evidence, limit: \.vitalsGapMin, waivers: waivers)
        let sedated = vitals.filter { event in
            (event.vitals?.moaas ?? .max) <= Self.sedated && evidence.session.runs.contains { $0.covers(event.occurredAt) }
        }
        let capnography = Set(vitals.filter { $0.vitals?.etco2Mmhg != nil }.map(\.occurredAt))
        let blind = sedated.filter { !capnography.contains($0.occurredAt) }
        let unwaived = blind.filter { event in
            !waivers.contains { $0.body.from <= event.occurredAt && event.occurredAt <= $0.body.to }
        }
        let fails = !cadence.missed.isEmpty || !unwaived.isEmpty
        let (gaps, sets) = fails ? (cadence.missed, unwaived) : (cadence.waived, blind)
        let start = gaps.first?.run.start ?? sets.first.flatMap { set in evidence.run(at: set.occurredAt)?.start } ?? first.start
        let policy = evidence.policy(at: start.at)
        let allowed = "policy \(policy.version) allows \(policy.vitalsGapMin)"
        guard !gaps.isEmpty || !sets.isEmpty else {
            let watched = sedated.isEmpty ? "" : ", EtCO2 at each of \(Phrase.count(sedated.count, "set")) with MOAA/S 3 or less"
            let sentence = "SpO2 at most \(Span.words(cadence.longest)) apart\(watched); \(allowed)"
            return evidence.finding(.pass, sentence, evidence.endsOfInfusions + sedated.map(DecidingEvent.init), at: start.at)
        }
        let named = sets.map { "at \($0.occurredAt.clock(besides: start.at)) with MOAA/S \($0.vitals?.moaas ?? Self.sedated)" }
        let parts =
            (gaps.isEmpty ? [] : ["no SpO2 for \(Phrase.list(gaps.map(\.words)))"])
            + (sets.isEmpty ? [] : ["no EtCO2 \(Phrase.list(named))"])
        let sentence = parts.joined(separator: ", and ").capitalizingFirst + "; \(gaps.isEmpty ? "policy \(policy.version)" : allowed)"
        let deciding = gaps.flatMap { [$0.from, $0.to] } + sets.map(DecidingEvent.init)
        guard !fails else { return evidence.finding(.fail, sentence, deciding, at: start.at) }
        let covering = waivers.filter { waiver in
            gaps.contains { $0.meets(waiver) } || sets.contains { waiver.body.from <= $0.occurredAt && $0.occurredAt <= waiver.body.to }
        }
        return evidence.finding(
            .overridden, "\(sentence); \(covering.words)", deciding + covering.map { evidence.deciding($0) }, at: start.at)
    }
}

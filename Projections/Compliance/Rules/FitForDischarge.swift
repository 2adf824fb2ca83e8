import Canonical
import Clinic

/// X6: at discharge no IV line is in, no side effect of grade 3 or more is open, and the last blood pressure is near the one before the infusion:
/// systolic and diastolic each within the policy's percentage. Gates guard the first two; nothing stands for the third.
struct FitForDischarge: Rule {
    let id = "X6"
    let title = "Fit for discharge"
    let citation = "clinic policy"
    let needs = "the IV lines, side effects, blood pressures, overrides, first start and discharge of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]
    let policyValues = ["blood_pressure_tolerance_percent"]

    /// CTCAE: severe.
    private static let severe = 3

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let then = SessionState(evidence.history, until: discharge.at)
        var (faults, gates): ([String], [Gate?]) = ([], [])
        var deciding = [evidence.deciding(discharge)]
        let lines = then.lines.filter(\.isIn)
        if !lines.isEmpty {
            faults.append("\(Phrase.count(lines.count, "IV line")) still in (\(Phrase.list(lines.map { $0.inserted.body.site.label })))")
            gates.append(.ivIn)
            deciding += lines.map { evidence.deciding($0.inserted) }
        }
        let open = then.sideEffects.filter { $0.resolved == nil && $0.observed.body.grade >= Self.severe }
        if !open.isEmpty {
            let named = open.map { "\($0.observed.body.effect.label), grade \($0.observed.body.grade)" }
            faults.append("\(Phrase.list(named)) still open")
            gates.append(.sideEffectOpen)
            deciding += open.map { evidence.deciding($0.observed) }
        }
        let pressure = BloodPressureReturn(evidence, start: start.at, discharge: discharge.at)
        if let fault = pressure.fault {
            faults.append(fault)
            gates.append(nil)
        }
        deciding += pressure.deciding
        let left = "discharge at \(discharge.at.clock)"
        guard faults.isEmpty else {
            let sentence = "At \(left): \(Phrase.list(faults))"
            guard !gates.contains(nil) else { return evidence.finding(.fail, sentence, deciding, at: discharge.at) }
            return evidence.failure(sentence, guardedBy: gates.compactMap(\.self), deciding, at: discharge.at)
        }
        return evidence.finding(
            .pass, "At \(left): IV out, no severe side effect open, \(pressure.words)", deciding, at: discharge.at)
    }
}

import Canonical
import Clinic

/// P2: at the first start the patient had fasted: two hours from clear liquids, six from a light meal, eight from a heavy one. Where no time is charted
/// at all nobody can say so, and it fails; the gate `fasting` stops only on what is charted.
struct FastingBeforeInfusion: Rule {
    let id = "P2"
    let title = "Fasting"
    let citation = "ASA practice guidelines for preoperative fasting 2017, 2023"
    let needs = "the times of the last liquid and meals on arrival, and the first start and the overrides of the session"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let arrival = evidence.session.arrival
        let deciding = (arrival.map { [evidence.deciding($0)] } ?? []) + [evidence.deciding(start)]
        let intakes: [(what: String, at: Timestamp, hours: Int64)] = [
            ("clear liquid", arrival?.body.lastClearLiquidAt, 2), ("a light meal", arrival?.body.lastLightMealAt, 6),
            ("a heavy meal", arrival?.body.lastHeavyMealAt, 8),
        ].compactMap { what, at, hours in at.map { (what, $0, hours) } }
        guard !intakes.isEmpty else {
            return evidence.failure(
                "No time of a last liquid or meal is charted before the start at \(start.at.clock)", guardedBy: [.fasting], deciding,
                at: start.at)
        }
        let near = intakes.filter { start.at.microseconds(since: $0.at) < $0.hours * 3_600_000_000 }
        guard near.isEmpty else {
            let named = near.map { intake in
                // Rounded down: 1 h 59 min 59.5 s must not read as 2 h.
                let fasted = start.at.microseconds(since: intake.at) / 1_000_000 * 1_000_000
                let ago =
                    fasted < 0
                    ? "after the start" : "\(Span.words(fasted)) before the start"
                return "\(intake.what) at \(intake.at.clock(besides: start.at)), \(ago), where \(intake.hours) h are asked for"
            }
            return evidence.failure(
                "Not fasting at the start at \(start.at.clock): \(Phrase.list(named))", guardedBy: [.fasting], deciding, at: start.at)
        }
        let named = intakes.map { "\(Span.words(start.at.microseconds(since: $0.at) / 1_000_000 * 1_000_000)) from \($0.what)" }
        return evidence.finding(
            .pass, "Fasting at the start at \(start.at.clock): \(Phrase.list(named)); 2, 6 and 8 h are asked for", deciding, at: start.at)
    }
}

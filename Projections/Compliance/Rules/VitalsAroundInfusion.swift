import Canonical
import Clinic

/// M3: a full set of vitals shortly before the first start, and one after the last stop while the patient is still here.
struct VitalsAroundInfusion: Rule {
    let id = "M3"
    let title = "Vitals before and after"
    let citation = "42 CFR 416.52(a)(b), by analogy"
    let needs = "the vitals of the session, its first start, last stop and discharge"
    let policyValues = ["vitals_before_start_min"]

    func evaluate(_ evidence: Evidence) -> Finding {
        let session = evidence.session
        guard let start = session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let policy = evidence.policy(at: start.at)
        let earliest = start.at.adding(minutes: -Int64(policy.vitalsBeforeStartMin))
        guard let before = evidence.vitals.last(where: { earliest <= $0.occurredAt && $0.occurredAt <= start.at }) else {
            let last = evidence.vitals.last { $0.occurredAt <= start.at }
            let known = last.map { "; the last were at \($0.occurredAt.clock(besides: start.at))" } ?? ""
            let sentence =
                "No heart rate and blood pressure in the \(policy.vitalsBeforeStartMin) min before the start at \(start.at.clock)\(known); "
                + "policy \(policy.version)"
            return evidence.finding(.fail, sentence, [evidence.deciding(start)] + (last.map { [DecidingEvent($0)] } ?? []), at: start.at)
        }
        let baseline = "baseline at \(before.occurredAt.clock(besides: start.at)), start at \(start.at.clock)"
        guard let stop = session.runs.last?.stop else {
            return evidence.finding(
                session.discharge == nil ? .indeterminate : .fail, "No stop is charted, so no vitals after it; \(baseline)",
                [DecidingEvent(before), evidence.deciding(start)], at: start.at)
        }
        let left = session.discharge?.at ?? Timestamp(microseconds: .max)
        guard let after = evidence.vitals.first(where: { stop.at < $0.occurredAt && $0.occurredAt <= left }) else {
            let sentence = "No heart rate and blood pressure after the stop at \(stop.at.clock(besides: start.at)); \(baseline)"
            let deciding = [evidence.deciding(stop)] + (session.discharge.map { [evidence.deciding($0)] } ?? [])
            return evidence.finding(session.discharge == nil ? .indeterminate : .fail, sentence, deciding, at: stop.at)
        }
        let sentence =
            "Vitals at \(before.occurredAt.clock(besides: start.at)) before the start at \(start.at.clock), and at "
            + "\(after.occurredAt.clock(besides: start.at)) after the stop at \(stop.at.clock(besides: start.at))"
        return evidence.finding(
            .pass, sentence, [DecidingEvent(before), evidence.deciding(start), evidence.deciding(stop), DecidingEvent(after)], at: start.at)
    }
}

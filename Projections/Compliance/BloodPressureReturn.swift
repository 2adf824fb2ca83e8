import Canonical
import Clinic

/// Whether the last blood pressure before discharge is near the one before the infusion.
struct BloodPressureReturn: Sendable {
    /// What is wrong, as a clause; nil where it is near.
    let fault: String?
    /// Both pressures and the limit.
    let words: String
    let deciding: [DecidingEvent]

    /// The baseline is the last pressure charted as one by the start, else the last by the start. The last pressure is any after that.
    init(_ evidence: Evidence, start: Timestamp, discharge: Timestamp) {
        let policy = evidence.policy(at: discharge)
        let allowed = "policy \(policy.version) allows \(policy.bloodPressureTolerancePercent.withUnit)"
        let sets = evidence.history.clinical.filter { $0.pressure != nil && $0.occurredAt <= discharge }
        let before = sets.filter { $0.occurredAt <= start }
        guard let baseline = before.last(where: { $0.vitals?.phase == .baseline }) ?? before.last, let base = baseline.pressure else {
            (fault, words, deciding) = ("no blood pressure before the start to compare with", "", [])
            return
        }
        guard let last = sets.last, let now = last.pressure, last.id != baseline.id else {
            fault = "no blood pressure since the baseline at \(baseline.occurredAt.clock(besides: discharge))"
            (words, deciding) = ("", [DecidingEvent(baseline)])
            return
        }
        words =
            "blood pressure \(now.words) at \(last.occurredAt.clock(besides: discharge)), baseline \(base.words) at "
            + "\(baseline.occurredAt.clock(besides: discharge)); \(allowed)"
        deciding = [DecidingEvent(baseline), DecidingEvent(last)]
        let isNear = zip([now.systolic, now.diastolic], [base.systolic, base.diastolic]).allSatisfy {
            BloodPressureReturn.isNear($0, $1, policy.bloodPressureTolerancePercent)
        }
        fault = isNear ? nil : words
    }

    /// Exact: thousandths of a percent against thousandths of a mmHg.
    private static func isNear(_ pressure: MillimetresOfMercury, _ base: MillimetresOfMercury, _ tolerance: Percent) -> Bool {
        let difference = Int128((pressure.thousandths - base.thousandths).magnitude)
        return difference * 100_000 <= Int128(tolerance.thousandths) * Int128(base.thousandths)
    }
}

/// Systolic over diastolic.
struct BloodPressure: Sendable {
    let systolic: MillimetresOfMercury
    let diastolic: MillimetresOfMercury

    var words: String { "\(systolic)/\(diastolic)" }
}

extension ChartEvent {
    var pressure: BloodPressure? {
        guard let vitals, let systolic = vitals.systolicMmhg, let diastolic = vitals.diastolicMmhg else { return nil }
        return BloodPressure(systolic: systolic, diastolic: diastolic)
    }
}

import Canonical
import Clinic
import Foundation

/// What one session brought: pain before and after, and the dose.
struct SessionOutcome: Sendable {
    /// Where a value of pain comes from.
    enum Source: String {
        /// The assessment before the infusion.
        case assessment
        /// Vitals: of the phase baseline before, after the last stop after.
        case vitals
        /// A follow-up that names the session.
        case followUp = "follow_up"
    }

    struct Pain: Sendable {
        /// Numeric rating scale, 0–10.
        let nrs: Int
        let source: Source
    }

    let id: UUID
    let state: SessionState
    /// The plan that it belongs to: the one that the booking names, else the latest at the time of the session. Nil where there was none.
    let plan: UUID?
    let before: Pain?
    let after: Pain?
    /// What the patient reported at a follow-up.
    let reportedRelief: Percent?

    init(_ id: UUID, _ history: History, _ patient: PatientState) {
        self.id = id
        let state = SessionState(history)
        self.state = state
        let at = state.arrival?.at ?? state.runs.first?.start.at ?? state.booked?.at ?? Timestamp(microseconds: .max)
        plan = state.plan ?? patient.plans.last { $0.at <= at }?.body.plan
        let vitals = history.clinical.compactMap { event -> (at: Timestamp, phase: VitalsRecorded.Phase, pain: Int)? in
            guard case .vitalsRecorded(let body) = event.body, let pain = body.painNrs else { return nil }
            return (event.occurredAt, body.phase, pain)
        }
        before = Self.before(state, vitals)
        let followUps = patient.followUps.filter { $0.body.session == id }
        after =
            Self.after(state, vitals) ?? followUps.first { $0.body.painNrs != nil }?.body.painNrs.map { Pain(nrs: $0, source: .followUp) }
        reportedRelief = followUps.first { $0.body.reliefPercent != nil }?.body.reliefPercent
    }

    /// The last assessment before the first start, else the last pain among the baseline vitals before it.
    private static func before(_ state: SessionState, _ vitals: [(at: Timestamp, phase: VitalsRecorded.Phase, pain: Int)]) -> Pain? {
        let start = state.runs.first?.start.at ?? Timestamp(microseconds: .max)
        if let assessment = state.assessments.last(where: { $0.at <= start }) {
            return Pain(nrs: assessment.body.painNrs, source: .assessment)
        }
        return vitals.last { $0.phase == .baseline && $0.at <= start }.map { Pain(nrs: $0.pain, source: .vitals) }
    }

    /// The last pain charted after the last stop and by the discharge.
    private static func after(_ state: SessionState, _ vitals: [(at: Timestamp, phase: VitalsRecorded.Phase, pain: Int)]) -> Pain? {
        guard let end = state.runs.last?.end else { return nil }
        let discharge = state.discharge?.at ?? Timestamp(microseconds: .max)
        return vitals.last { end <= $0.at && $0.at <= discharge }.map { Pain(nrs: $0.pain, source: .vitals) }
    }

    /// Whether an infusion was given and has ended.
    var isDone: Bool { !state.runs.isEmpty && state.run == nil }
    /// Whether the patient was here at all.
    var tookPlace: Bool { state.arrival != nil || !state.runs.isEmpty }
    var at: Timestamp? { state.arrival?.at ?? state.runs.first?.start.at }

    /// How much of the pain went, in thousandths of a percent, rounded half away from zero; below zero where it grew. From the pain before and
    /// after; where one of them is not charted, what the patient reported. Nil where nothing can be said, so for pain 0 before.
    var reliefThousandths: Int64? {
        guard let before, let after else { return reportedRelief?.thousandths }
        return Trend.quotient(Int128(before.nrs - after.nrs) * 100_000, Int128(before.nrs))
    }

    /// At least 30 % relief.
    var isResponder: Bool? { reliefThousandths.map { $0 >= 30_000 } }

    /// What all infusions of the session gave, up to what is known; nil where none was started.
    var given: Milligrams? {
        guard let last = state.runs.last else { return nil }
        return try? state.given(at: last.end ?? max(state.knownUntil ?? last.start.at, last.start.at))
    }

    var givenPerKilogram: MilligramsPerKilogram? { given.flatMap { given in state.weight.flatMap { try? given.per($0) } } }
}

import Canonical
import Clinic
import Foundation

/// Headache burden at one time, from a consultation or a follow-up.
struct Burden: Sendable {
    enum Source: String {
        case consultation
        case followUp = "follow_up"
    }

    let event: UUID
    let at: Timestamp
    let position: Int64
    let source: Source
    let session: UUID?
    let daysAfter: Int?
    let painNrs: Int?
    let relief: Percent?
    let headacheDays: Int?
    let migraineDays: Int?
    let midas: Int?
    let hit6: Int?

    init(_ consultation: Charted<ConsultationRecorded>) {
        (event, at, position, source) = (consultation.id, consultation.at, consultation.position, .consultation)
        (session, daysAfter, painNrs, relief) = (nil, nil, nil, nil)
        let body = consultation.body
        (headacheDays, migraineDays, midas, hit6) = (body.headacheDaysPerMonth, body.migraineDaysPerMonth, body.midas, body.hit6)
    }

    init(_ followUp: Charted<FollowUpRecorded>) {
        (event, at, position, source) = (followUp.id, followUp.at, followUp.position, .followUp)
        let body = followUp.body
        (session, daysAfter, painNrs, relief) = (body.session, body.daysAfter, body.painNrs, body.reliefPercent)
        (headacheDays, migraineDays, midas, hit6) = (body.headacheDaysPerMonth, body.migraineDaysPerMonth, body.midas, body.hit6)
    }

    /// A patient's, in the order of happening.
    static func all(of patient: PatientState) -> [Burden] {
        (patient.consultations.map(Burden.init) + patient.followUps.map(Burden.init)).sorted { ($0.at, $0.position) < ($1.at, $1.position) }
    }
}

/// What a plan's series of sessions brought.
struct SeriesOutcome: Sendable {
    /// The plan as it was made last.
    let plan: Charted<TreatmentPlanned>
    /// Those that took place, in the order in which they did.
    let sessions: [SessionOutcome]
    /// Of what was charted by the first session (without one, by the plan): the last of each.
    let baseline: Values
    /// Of what follow-ups charted after the first session, and before the next plan's: the last of each.
    let latest: Values

    struct Values: Sendable {
        var headacheDays: Int?
        var migraineDays: Int?
        var midas: Int?
        var hit6: Int?

        fileprivate init(_ burdens: [Burden]) {
            for burden in burdens {
                headacheDays = burden.headacheDays ?? headacheDays
                migraineDays = burden.migraineDays ?? migraineDays
                midas = burden.midas ?? midas
                hit6 = burden.hit6 ?? hit6
            }
        }
    }

    /// One for each plan, in the order in which they were first made.
    static func all(of patient: PatientState, _ sessions: [SessionOutcome]) -> [SeriesOutcome] {
        let burdens = Burden.all(of: patient)
        var firsts: [Charted<TreatmentPlanned>] = []
        for plan in patient.plans where !firsts.contains(where: { $0.body.plan == plan.body.plan }) { firsts.append(plan) }
        return firsts.map { first in
            let own = sessions.filter { $0.plan == first.body.plan && $0.tookPlace }
            let begin = own.first?.at ?? first.at
            let next = sessions.first { $0.tookPlace && $0.plan != first.body.plan && ($0.at ?? begin) > (own.last?.at ?? begin) }?.at
            return SeriesOutcome(
                plan: patient.plans.last { $0.body.plan == first.body.plan } ?? first, sessions: own,
                baseline: Values(burdens.filter { $0.at <= begin }),
                latest: Values(
                    burdens.filter { burden in
                        guard burden.source == .followUp, burden.at > begin, !own.isEmpty else { return false }
                        if let session = burden.session { return own.contains { $0.id == session } }
                        return next.map { burden.at <= $0 } ?? true
                    }))
        }
    }

    var done: [SessionOutcome] { sessions.filter(\.isDone) }

    /// The mean over the sessions of which it is known, thousandths of a percent.
    var meanRelief: Int64? { Trend.mean(sessions.compactMap(\.reliefThousandths)) }

    /// Thousandths of a percent, rounded half away from zero; nil without both values, and from 0 days.
    var fewerHeadacheDays: Int64? {
        guard let before = baseline.headacheDays, let after = latest.headacheDays else { return nil }
        return Trend.quotient(Int128(before - after) * 100_000, Int128(before))
    }

    /// At least 30 % relief in the mean, or at least 50 % fewer headache days. Nil where neither is so and one is not known.
    var isResponder: Bool? {
        let relief = meanRelief.map { $0 >= 30_000 }
        let days = fewerHeadacheDays.map { $0 >= 50_000 }
        if relief == true || days == true { return true }
        return relief == nil || days == nil ? nil : false
    }

    /// Points a session, in thousandths: below zero where patients come with less and less pain.
    var painTrend: Int64? {
        Trend.slope(sessions.enumerated().compactMap { index, session in session.before.map { (index + 1, Int64($0.nrs) * 1000) } })
    }

    /// Percentage points a session, in thousandths.
    var reliefTrend: Int64? {
        Trend.slope(sessions.enumerated().compactMap { index, session in session.reliefThousandths.map { (index + 1, $0) } })
    }
}

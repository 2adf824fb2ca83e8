import Canonical
public import Clinic
import Foundation
import Postgres

/// How patients fare: pain around each session, headache burden over time, and what each plan's series brought.
public struct Outcomes: Projection {
    public static let name = "outcomes"
    public static let version = 1
    public static let streams: Set<StreamKind> = [.patient]
    public static let context: Set<DossierContext> = [.patientSessions]
    public static var definition: [UInt8] { PackageResources.projection_outcomes_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_outcomes_sql }

    public static let tables = [
        ProjectionTable(
            "sessions",
            [
                "patient", "session", "plan", "number", "session_at", "pain_before", "pain_before_source", "pain_after",
                "pain_after_source", "relief_percent", "responder", "done", "given_ug", "weight_g", "given_ug_per_kg",
            ]),
        ProjectionTable(
            "burdens",
            [
                "patient", "event", "charted_at", "source", "session", "days_after", "pain_nrs", "relief_percent", "headache_days",
                "migraine_days", "midas", "midas_grade", "hit6", "hit6_band",
            ]),
        ProjectionTable(
            "series",
            [
                "patient", "plan", "planned_at", "sessions_planned", "sessions_done", "first_session_at", "last_session_at",
                "mean_relief_percent", "headache_days_before", "headache_days_after", "fewer_headache_days_percent",
                "migraine_days_before", "migraine_days_after", "midas_before", "midas_before_grade", "midas_after", "midas_after_grade",
                "hit6_before", "hit6_before_band", "hit6_after", "hit6_after_band", "responder", "pain_trend", "relief_trend",
            ]),
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        guard dossier.stream.kind == .patient, let id = dossier.stream.id, !dossier.history.isEmpty else { return }
        let patient = PatientState(dossier.history)
        let sessions = dossier.sessions.compactMap { stream, history in stream.id.map { SessionOutcome($0, history, patient) } }
            // A booking or an arrival that was amended may have named this patient once.
            .filter { $0.state.patient == id && $0.tookPlace }
            .sorted { ($0.at?.microseconds ?? .max, $0.id.lowercase) < ($1.at?.microseconds ?? .max, $1.id.lowercase) }
        for session in sessions { rows.add(0, row(session, id)) }
        for burden in Burden.all(of: patient) { rows.add(1, row(burden, id)) }
        for series in SeriesOutcome.all(of: patient, sessions) { rows.add(2, row(series, id)) }
    }

    private static func row(_ outcome: SessionOutcome, _ patient: UUID) -> [(any SQLValue)?] {
        [
            patient, outcome.id, outcome.plan, outcome.state.booked?.body.number, SQLTimestamp(outcome.at), outcome.before?.nrs,
            outcome.before?.source.rawValue, outcome.after?.nrs, outcome.after?.source.rawValue, outcome.reliefThousandths?.decimal,
            outcome.isResponder, outcome.isDone, outcome.given?.thousandths, outcome.state.weight?.thousandths,
            outcome.givenPerKilogram?.thousandths,
        ]
    }

    private static func row(_ burden: Burden, _ patient: UUID) -> [(any SQLValue)?] {
        [
            patient, burden.event, SQLTimestamp(burden.at), burden.source.rawValue, burden.session, burden.daysAfter, burden.painNrs,
            burden.relief?.thousandths.decimal, burden.headacheDays, burden.migraineDays, burden.midas, grade(burden.midas), burden.hit6,
            band(burden.hit6),
        ]
    }

    private static func row(_ series: SeriesOutcome, _ patient: UUID) -> [(any SQLValue)?] {
        let (before, after, plan) = (series.baseline, series.latest, series.plan)
        return [
            patient, plan.body.plan, SQLTimestamp(plan.at), plan.body.sessions, series.done.count, SQLTimestamp(series.sessions.first?.at),
            SQLTimestamp(series.sessions.last?.at), series.meanRelief?.decimal, before.headacheDays, after.headacheDays,
            series.fewerHeadacheDays?.decimal, before.migraineDays, after.migraineDays, before.midas, grade(before.midas), after.midas,
            grade(after.midas), before.hit6, band(before.hit6), after.hit6, band(after.hit6), series.isResponder,
            series.painTrend?.decimal, series.reliefTrend?.decimal,
        ]
    }

    private static func grade(_ midas: Int?) -> String? { midas.map { MIDASGrade(score: $0).rawValue } }
    private static func band(_ hit6: Int?) -> String? { hit6.map { HIT6Band(score: $0).rawValue } }
}

extension Int64 {
    /// Thousandths as the nearest `double precision`: for percentages and points, never for doses.
    fileprivate var decimal: Double { Double(self) / 1000 }
}

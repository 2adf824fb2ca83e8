import Canonical
public import Clinic
import Foundation
import Postgres

/// Patients and their sessions: columns to find and list them by, and the whole chart as a document.
///
/// Each stream's rows come from its own events alone, so that a new event touches one row.
public struct PatientChart: Projection {
    public static let name = "patient_chart"
    public static let version = 2
    public static let streams: Set<StreamKind> = [.patient, .session]
    public static let context: Set<DossierContext> = []
    public static let isUrgent = true
    public static var definition: [UInt8] { PackageResources.projection_patient_chart_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_patient_chart_sql }

    public static let tables = [
        ProjectionTable(
            "patients",
            [
                "patient", "mrn", "family", "given", "birth_date", "sex", "diagnosis_code", "candidacy", "plan", "plan_sessions",
                "prescriber",
                "consent", "events", "corrections", "last_position", "last_occurred_at", "document",
            ]),
        ProjectionTable(
            "sessions",
            [
                "session", "patient", "number", "state", "scheduled_at", "arrived_at", "started_at", "stopped_at", "discharged_at",
                "weight_g",
                "given_ug", "side_effects", "worst_grade", "events", "corrections", "last_position", "last_occurred_at", "document",
            ]),
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        guard let id = dossier.stream.id, let last = dossier.history.events.last?.position else { return }
        let (facts, all) = (dossier.history.clinical.count, dossier.history.events)
        let corrections = all.count(where: \.isCorrection)
        switch dossier.stream.kind {
        case .patient:
            rows.add(0, row(Chart.Patient(id, dossier.history), facts, corrections, last))
        case .session:
            rows.add(1, row(Chart.Session.of(dossier.history, id), facts, corrections, last))
        case .vial, .clinic, .access: return
        }
    }

    private static func row(_ chart: Chart.Patient, _ facts: Int, _ corrections: Int, _ last: Int64) -> [(any SQLValue)?] {
        let (registration, plan) = (chart.registration, chart.state.latestPlan?.body)
        let consultation = chart.state.consultations.last?.body
        return [
            chart.id, registration?.mrn, registration?.family, registration?.given, registration?.birthDate.description,
            registration?.sex.rawValue, consultation?.diagnosis.code, consultation?.candidacy.rawValue, plan?.plan, plan?.sessions,
            plan?.prescriber, chart.consent.rawValue, facts, corrections, last, SQLTimestamp(chart.lastOccurredAt),
            JSONText.written(chart.write),
        ]
    }

    private static func row(_ chart: Chart.Session, _ facts: Int, _ corrections: Int, _ last: Int64) -> [(any SQLValue)?] {
        let state = chart.state
        return [
            chart.id, chart.patient, chart.number, state.phase?.rawValue, SQLTimestamp(state.booked?.body.scheduledAt),
            SQLTimestamp(state.arrival?.at), SQLTimestamp(chart.startedAt), SQLTimestamp(chart.stoppedAt),
            SQLTimestamp(state.discharge?.at),
            state.weight?.thousandths, chart.given?.thousandths, state.sideEffects.count,
            state.sideEffects.map(\.observed.body.grade).max(),
            facts, corrections, last, SQLTimestamp(chart.lastOccurredAt), JSONText.written(chart.write),
        ]
    }
}

extension SQLTimestamp {
    /// Nil for nil, so that a row may hold it as it is.
    init?(_ time: Timestamp?) {
        guard let time else { return nil }
        self.init(microseconds: time.microseconds)
    }
}

extension JSONText {
    static func written(_ write: (inout CanonicalWriter) -> Void) -> JSONText {
        var writer = CanonicalWriter(capacity: 4096)
        write(&writer)
        return JSONText(writer.text)
    }
}

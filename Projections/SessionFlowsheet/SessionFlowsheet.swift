import Canonical
public import Clinic
import Foundation
import Postgres

/// What happened in a session as plain rows for reports: vitals, dose segments, boluses, side effects, medications.
public struct SessionFlowsheet: Projection {
    public static let name = "session_flowsheet"
    public static let version = 2
    public static let streams: Set<StreamKind> = [.session]
    public static let context: Set<DossierContext> = []
    public static var definition: [UInt8] { PackageResources.projection_session_flowsheet_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_session_flowsheet_sql }

    public static let tables = [
        ProjectionTable(
            "vitals",
            [
                "patient", "event", "position", "occurred_at", "actor", "phase", "source", "rate_ug_per_h", "heart_rate", "systolic_mmhg",
                "diastolic_mmhg", "map_mmhg", "spo2_percent", "respiratory_rate", "etco2_mmhg", "temperature_c", "pain_nrs", "moaas",
                "rass",
                "oxygen_l_per_min", "amended", "voided",
            ]),
        ProjectionTable(
            "dose_segments", ["patient", "event", "run", "from_at", "to_at", "rate_ug_per_h", "given_ug", "actor", "ordered_by", "reason"]),
        ProjectionTable("boluses", ["patient", "event", "run", "given_at", "dose_ug", "over_s", "actor", "ordered_by", "reason"]),
        ProjectionTable(
            "side_effects",
            [
                "patient", "event", "position", "observed_at", "onset_at", "resolved_at", "resolved_by", "actor", "effect", "grade",
                "relatedness", "action", "amended", "voided",
            ]),
        ProjectionTable(
            "medications",
            [
                "patient", "event", "position", "given_at", "drug", "dose", "unit", "route", "indication", "actor", "ordered_by", "amended",
                "voided",
            ]),
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        guard dossier.stream.kind == .session, let id = dossier.stream.id else { return }
        let session = Chart.Session.of(dossier.history, id)
        for entry in session.entries {
            switch entry.body {
            case .vitalsRecorded(let body): rows.add(0, vitals(entry, body, session))
            case .sideEffectObserved(let body): rows.add(3, sideEffect(entry, body, session))
            case .medicationGiven(let body): rows.add(4, medication(entry, body, session))
            default: continue
            }
        }
        for (index, run) in session.state.runs.enumerated() {
            add(run, number: index + 1, of: session, into: &rows)
        }
    }

    private static func vitals(_ entry: Chart.Entry, _ body: VitalsRecorded, _ session: Chart.Session) -> [(any SQLValue)?] {
        [
            session.patient, entry.id, entry.event.position, SQLTimestamp(entry.event.occurredAt), entry.event.actor, body.phase.rawValue,
            body.source.rawValue, session.rate(at: entry.event.occurredAt)?.thousandths, body.heartRate?.decimal,
            body.systolicMmhg?.decimal,
            body.diastolicMmhg?.decimal, body.mapMmhg?.decimal, body.spo2Percent?.decimal, body.respiratoryRate?.decimal,
            body.etco2Mmhg?.decimal, body.temperatureC?.decimal, body.painNrs, body.moaas, body.rass, body.oxygenLPerMin?.decimal,
            entry.isAmended, entry.isVoided,
        ]
    }

    private static func sideEffect(_ entry: Chart.Entry, _ body: SideEffectObserved, _ session: Chart.Session) -> [(any SQLValue)?] {
        let resolved = session.state.sideEffects.first { $0.observed.id == entry.id }?.resolved
        return [
            session.patient, entry.id, entry.event.position, SQLTimestamp(entry.event.occurredAt), SQLTimestamp(body.onsetAt),
            SQLTimestamp(resolved?.at), resolved?.actor, entry.event.actor, body.effect.rawValue, body.grade, body.relatedness.rawValue,
            body.action.rawValue, entry.isAmended, entry.isVoided,
        ]
    }

    private static func add(_ run: InfusionRun, number: Int, of session: Chart.Session, into rows: inout RowSink) {
        let known = session.knownUntil ?? run.start.at
        let (patient, start) = (session.patient, run.start)
        for segment in run.segments {
            let adjustment = run.adjustments.last { $0.id == segment.event }
            rows.add(
                1,
                [
                    patient, segment.event, number, SQLTimestamp(segment.from), SQLTimestamp(segment.to), segment.rate.thousandths,
                    segment.given(until: known)?.thousandths, adjustment?.actor ?? start.actor,
                    adjustment?.body.orderedBy ?? start.body.prescriber, adjustment?.body.reason.rawValue,
                ])
        }
        for bolus in run.allBoluses {
            rows.add(
                2,
                [
                    patient, bolus.event, number, SQLTimestamp(bolus.at), bolus.dose.thousandths,
                    bolus.over.map { $0.thousandths * 60 / 1000 },
                    bolus.actor, bolus.orderedBy, bolus.reason,
                ])
        }
    }

    private static func medication(_ entry: Chart.Entry, _ body: MedicationGiven, _ session: Chart.Session) -> [(any SQLValue)?] {
        [
            session.patient, entry.id, entry.event.position, SQLTimestamp(entry.event.occurredAt), body.drug, body.dose.decimal,
            body.unit.rawValue, body.route.rawValue, body.indication, entry.event.actor, body.orderedBy, entry.isAmended, entry.isVoided,
        ]
    }
}

extension Quantity {
    /// The nearest `double precision`: for measurements in reports, never for doses.
    fileprivate var decimal: Double { Double(thousandths) / 1000 }
}

import Canonical
public import Clinic
import Foundation
import Postgres

/// What was booked and what came of it: arrivals, waiting, chairs, cancellations. Whether somebody has failed to come depends on the hour, which a
/// fold does not know: the view `reporting.no_shows` asks the database's clock.
public struct Schedule: Projection {
    public static let name = "schedule"
    public static let version = 1
    public static let streams: Set<StreamKind> = [.session]
    public static let context: Set<DossierContext> = []
    public static var definition: [UInt8] { PackageResources.projection_schedule_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_schedule_sql }

    public static let tables = [
        ProjectionTable(
            "visits",
            [
                "session", "patient", "plan", "number", "state", "chair", "scheduled_at", "scheduled_until", "duration_min", "bookings",
                "booked_at", "booked_by", "cancelled_at", "cancelled_by", "cancel_reason", "arrived_at", "started_at", "stopped_at",
                "discharged_at",
            ])
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        guard dossier.stream.kind == .session, let id = dossier.stream.id else { return }
        let state = SessionState(dossier.history)
        guard state.exists else { return }
        let (booked, phase) = (state.booked, state.phase)
        let cancellation = phase == .cancelled ? state.cancellation : nil
        let until = booked.map { $0.body.scheduledAt.adding(minutes: Int64($0.body.durationMin)) }
        let bookings = dossier.history.clinical.count { $0.body.type == .sessionBooked }
        rows.add(
            0,
            [
                id, state.patient, booked?.body.plan, booked?.body.number, phase?.rawValue, booked?.body.chair,
                SQLTimestamp(booked?.body.scheduledAt), SQLTimestamp(until), booked?.body.durationMin, bookings, SQLTimestamp(booked?.at),
                booked?.actor, SQLTimestamp(cancellation?.at), cancellation?.actor, cancellation?.body.reason,
                SQLTimestamp(state.arrival?.at), SQLTimestamp(state.runs.first?.start.at), SQLTimestamp(state.runs.last?.end),
                SQLTimestamp(state.discharge?.at),
            ])
    }
}

import Canonical
public import Clinic
import Foundation
public import Ledger
import Postgres

/// Who did what with whose data: every event of the access log, emergency accesses with their review, and disclosures.
///
/// A stream is folded whole whenever it gets an event. On `access/<uuid>` that is what concerns one patient or one sign-in; whoever writes everything
/// on plain `access` makes a step as long as that stream, some 10 µs for each of its events.
public struct AccessReport: Projection {
    public static let name = "access_report"
    public static let version = 1
    public static let logs: Set<LogName.Kind> = [.access]
    public static let streams: Set<StreamKind> = [.access]
    public static let context: Set<DossierContext> = []
    public static var definition: [UInt8] { PackageResources.projection_access_report_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_access_report_sql }

    public static let tables = [
        ProjectionTable(
            "events",
            [
                "event", "position", "occurred_at", "recorded_at", "actor", "type", "patient", "resource", "purpose", "detail", "amended",
                "voided",
            ]),
        ProjectionTable(
            "break_glass",
            [
                "event", "position", "invoked_at", "actor", "patient", "reason", "review", "reviewed_at", "reviewer", "outcome", "note",
                "by_another", "amended", "voided",
            ]),
        ProjectionTable(
            "disclosures",
            [
                "event", "position", "disclosed_at", "actor", "patient", "recipient", "recipient_address", "description", "purpose",
                "amended", "voided",
            ]),
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        let entries = dossier.history.entries
        let reviews = reviews(in: dossier.history)
        for entry in entries {
            let event = entry.event
            let about = About(entry.body)
            rows.add(
                0,
                [
                    event.id, event.position, SQLTimestamp(event.occurredAt), SQLTimestamp(event.recordedAt), event.actor,
                    entry.body.type.rawValue, about.patient, about.resource, about.purpose, about.detail, entry.isAmended, entry.isVoided,
                ])
            switch entry.body {
            case .breakGlassInvoked(let body): rows.add(1, row(entry, body, reviews[event.id] ?? []))
            case .disclosureMade(let body):
                rows.add(
                    2,
                    [
                        event.id, event.position, SQLTimestamp(event.occurredAt), event.actor, body.patient, body.recipient,
                        body.recipientAddress, body.description, body.purpose, entry.isAmended, entry.isVoided,
                    ])
            default: continue
            }
        }
    }

    /// The reviews in force, in the order of happening, by the invocation that they name.
    private static func reviews(in history: History) -> [UUID: [(event: ChartEvent, body: BreakGlassReviewed)]] {
        history.clinical.reduce(into: [:]) { reviews, event in
            guard case .breakGlassReviewed(let body) = event.body else { return }
            reviews[body.invocation, default: []].append((event, body))
        }
    }

    private static func row(
        _ entry: History.Entry, _ body: BreakGlassInvoked, _ reviews: [(event: ChartEvent, body: BreakGlassReviewed)]
    ) -> [(any SQLValue)?] {
        // Somebody's look at their own access is no review, but it is not hidden either.
        let review = reviews.first { $0.event.actor != entry.event.actor } ?? reviews.first
        return [
            entry.event.id, entry.event.position, SQLTimestamp(entry.event.occurredAt), entry.event.actor, body.patient, body.reason,
            review?.event.id, SQLTimestamp(review?.event.occurredAt), review?.event.actor, review?.body.outcome.rawValue, review?.body.note,
            review.map { $0.event.actor != entry.event.actor }, entry.isAmended, entry.isVoided,
        ]
    }
}

/// What the types of the access log have in common.
private struct About {
    var patient: UUID?
    var resource: String?
    var purpose: String?
    var detail: String?

    init(_ body: EventBody) {
        switch body {
        case .chartRead(let body): (patient, resource, purpose) = (body.patient, body.resource, body.purpose)
        case .exportMade(let body): (patient, resource, purpose, detail) = (body.patient, body.resource, body.purpose, body.format)
        case .signedIn(let body): detail = body.method?.rawValue
        case .signedOut(let body): detail = body.reason?.rawValue
        case .signInFailed(let body): detail = body.reason
        case .accessDenied(let body): (patient, resource, detail) = (body.patient, body.resource, body.reason)
        case .breakGlassInvoked(let body): (patient, detail) = (body.patient, body.reason)
        case .breakGlassReviewed(let body): detail = body.outcome.rawValue
        case .disclosureMade(let body): (patient, purpose) = (body.patient, body.purpose)
        default: return
        }
    }
}

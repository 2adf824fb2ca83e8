public import Canonical
public import Foundation

/// What is true of one patient at an instant: a fold over the facts in force.
public struct PatientState: Sendable, Hashable {
    public private(set) var registration: Charted<PatientRegistered>?
    /// What is known of the patient: the registration with the changes since on top. Nil where nobody is registered.
    public private(set) var details: PatientRegistered?
    public private(set) var consultations: [Charted<ConsultationRecorded>] = []
    /// In the order in which they were made.
    public private(set) var plans: [Charted<TreatmentPlanned>] = []
    public private(set) var consents: [Charted<ConsentSigned>] = []
    public private(set) var withdrawals: [Charted<ConsentWithdrawn>] = []
    public private(set) var followUps: [Charted<FollowUpRecorded>] = []
    /// Set once the patient's data was erased: then there is nothing else.
    public private(set) var erasure: Charted<PayloadErased>?

    /// - Parameter until: the instant, inclusive; nil for the whole history.
    public init(_ history: History, until: Timestamp? = nil) {
        self = until.map { PatientState(folding: history, until: $0) } ?? history.derived { PatientState(folding: $0, until: nil) }
    }

    private init(folding history: History, until: Timestamp?) {
        for event in history.clinical {
            if let until, event.occurredAt > until { break }
            switch event.body {
            case .patientRegistered(let body):
                registration = Charted(event, body)
                details = body
            case .patientDetailsChanged(let body): details = details?.replaced(by: body)
            case .consultationRecorded(let body): consultations.append(Charted(event, body))
            case .treatmentPlanned(let body): plans.append(Charted(event, body))
            case .consentSigned(let body): consents.append(Charted(event, body))
            case .consentWithdrawn(let body): withdrawals.append(Charted(event, body))
            case .followUpRecorded(let body): followUps.append(Charted(event, body))
            case .payloadErased(let body): erasure = Charted(event, body)
            default: continue
            }
        }
    }

    public var isRegistered: Bool { registration != nil }
    /// What the last consultation decided; nil where there was none.
    public var candidacy: ConsultationRecorded.Candidacy? { consultations.last?.body.candidacy }
    public var latestPlan: Charted<TreatmentPlanned>? { plans.last }

    /// The plan with this id; for nil the latest, as a session that names none follows that.
    public func plan(_ id: UUID?) -> Charted<TreatmentPlanned>? {
        guard let id else { return plans.last }
        return plans.last { $0.body.plan == id }
    }
}

public import Canonical

/// One event's type and content.
///
/// The largest and rarest contents are indirect, so that the common ones are not as big as a registration.
public enum EventBody: Sendable, Hashable {
    indirect case patientRegistered(PatientRegistered)
    indirect case consultationRecorded(ConsultationRecorded)
    indirect case treatmentPlanned(TreatmentPlanned)
    indirect case consentSigned(ConsentSigned)
    case consentWithdrawn(ConsentWithdrawn)
    case sessionBooked(SessionBooked)
    case patientArrived(PatientArrived)
    case ivInserted(IVInserted)
    case ivRemoved(IVRemoved)
    case infusionStarted(InfusionStarted)
    case doseAdjusted(DoseAdjusted)
    case infusionStopped(InfusionStopped)
    indirect case vitalsRecorded(VitalsRecorded)
    case sideEffectObserved(SideEffectObserved)
    case sideEffectResolved(SideEffectResolved)
    case recoveryScored(RecoveryScored)
    case driverConfirmed(DriverConfirmed)
    case dischargeOrdered(DischargeOrdered)
    case discharged(Discharged)
    case noteRecorded(NoteRecorded)
    case eventVoided(EventVoided)
    case eventAmended(EventAmended)
    indirect case policyAdopted(PolicyAdopted)
    case consentFormPublished(ConsentFormPublished)
    indirect case staffEnrolled(StaffEnrolled)
    indirect case patientDetailsChanged(PatientDetailsChanged)
    indirect case followUpRecorded(FollowUpRecorded)
    case sessionCancelled(SessionCancelled)
    case preInfusionAssessed(PreInfusionAssessed)
    case driverExempted(DriverExempted)
    case ivAttemptFailed(IVAttemptFailed)
    case bolusGiven(BolusGiven)
    indirect case medicationGiven(MedicationGiven)
    case waiverNoted(WaiverNoted)
    indirect case drugReceived(DrugReceived)
    case drugDispensed(DrugDispensed)
    case drugWasted(DrugWasted)
    case drugReturned(DrugReturned)
    case vialCounted(VialCounted)
    case drugLossReported(DrugLossReported)
    case inventoryTaken(InventoryTaken)
    case staffRevoked(StaffRevoked)
    case chartRead(ChartRead)
    case exportMade(ExportMade)
    case signedIn(SignedIn)
    case signedOut(SignedOut)
    case signInFailed(SignInFailed)
    case accessDenied(AccessDenied)
    case breakGlassInvoked(BreakGlassInvoked)
    case breakGlassReviewed(BreakGlassReviewed)
    indirect case disclosureMade(DisclosureMade)
    indirect case payloadErased(PayloadErased)
}

extension EventBody {
    /// Reads `data` as the type named `type`.
    /// - Throws: ``ValidationError`` with every problem found; an unknown type is a problem at pointer "".
    public init(type: String, data: JSON) throws(ValidationError) {
        guard let known = EventType(rawValue: type) else {
            let suggestion = NearestName.to(type, among: EventType.allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError([Problem(pointer: "", message: "type is not a known event type" + suggestion)])
        }
        try self.init(type: known, data: data)
    }

    /// Reads `data` as `type`.
    /// - Throws: ``ValidationError`` with every problem found.
    public init(type: EventType, data: JSON) throws(ValidationError) {
        self = try FieldReader.read(data) { EventBody(type, reading: &$0) }
    }

    /// Reads the text of data in the current version of its type, as the log holds it: canonical and sound. Nil for anything else, which
    /// ``init(type:data:)`` reads with all its problems.
    init?(type: EventType, plain text: String) {
        guard let members = PlainMembers(text), let body = FieldReader.read(members, { EventBody(type, reading: &$0) }) else { return nil }
        self = body
    }

    /// What ``init(type:data:)`` reads.
    public var data: JSON { FieldWriter.write(content) }
    /// One line for people. May hold health information: not for logs.
    public var summary: String { content.summary }
    /// The other stream that the event concerns: the patient of a booking or an arrival.
    public var subject: StreamID? { content.subject }
}

/// The name of an event type, as the log writes it.
///
/// To add a type: a case here, a case in ``EventBody``, and one file in `Events/` that conforms to ``EventData``.
/// The compiler then asks for the remaining lines.
public enum EventType: String, Sendable, Hashable, CaseIterable {
    case patientRegistered = "PatientRegistered"
    case consultationRecorded = "ConsultationRecorded"
    case treatmentPlanned = "TreatmentPlanned"
    case consentSigned = "ConsentSigned"
    case consentWithdrawn = "ConsentWithdrawn"
    case sessionBooked = "SessionBooked"
    case patientArrived = "PatientArrived"
    case ivInserted = "IVInserted"
    case ivRemoved = "IVRemoved"
    case infusionStarted = "InfusionStarted"
    case doseAdjusted = "DoseAdjusted"
    case infusionStopped = "InfusionStopped"
    case vitalsRecorded = "VitalsRecorded"
    case sideEffectObserved = "SideEffectObserved"
    case sideEffectResolved = "SideEffectResolved"
    case recoveryScored = "RecoveryScored"
    case driverConfirmed = "DriverConfirmed"
    case dischargeOrdered = "DischargeOrdered"
    case discharged = "Discharged"
    case noteRecorded = "NoteRecorded"
    case eventVoided = "EventVoided"
    case eventAmended = "EventAmended"
    case policyAdopted = "PolicyAdopted"
    case consentFormPublished = "ConsentFormPublished"
    case staffEnrolled = "StaffEnrolled"
    case patientDetailsChanged = "PatientDetailsChanged"
    case followUpRecorded = "FollowUpRecorded"
    case sessionCancelled = "SessionCancelled"
    case preInfusionAssessed = "PreInfusionAssessed"
    case driverExempted = "DriverExempted"
    case ivAttemptFailed = "IVAttemptFailed"
    case bolusGiven = "BolusGiven"
    case medicationGiven = "MedicationGiven"
    case waiverNoted = "WaiverNoted"
    case drugReceived = "DrugReceived"
    case drugDispensed = "DrugDispensed"
    case drugWasted = "DrugWasted"
    case drugReturned = "DrugReturned"
    case vialCounted = "VialCounted"
    case drugLossReported = "DrugLossReported"
    case inventoryTaken = "InventoryTaken"
    case staffRevoked = "StaffRevoked"
    case chartRead = "ChartRead"
    case exportMade = "ExportMade"
    case signedIn = "SignedIn"
    case signedOut = "SignedOut"
    case signInFailed = "SignInFailed"
    case accessDenied = "AccessDenied"
    case breakGlassInvoked = "BreakGlassInvoked"
    case breakGlassReviewed = "BreakGlassReviewed"
    case disclosureMade = "DisclosureMade"
    case payloadErased = "PayloadErased"
}

extension EventType {
    /// As `init(rawValue:)`, which compares with one name after the other.
    init?(named name: String) {
        guard let type = EventType.byName[name] else { return nil }
        self = type
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

extension EventType: CustomStringConvertible {
    public var description: String { rawValue }

    /// The kinds of stream that an event of this type may be appended to.
    public var streams: Set<StreamKind> { dataType.streams }
}

/// The table of event types: for each, its content's type, and the way in and out of ``EventBody``.

extension EventType {
    /// The type that reads and writes the data.
    public var dataType: any EventData.Type {
        switch self {
        case .patientRegistered: PatientRegistered.self
        case .consultationRecorded: ConsultationRecorded.self
        case .treatmentPlanned: TreatmentPlanned.self
        case .consentSigned: ConsentSigned.self
        case .consentWithdrawn: ConsentWithdrawn.self
        case .sessionBooked: SessionBooked.self
        case .patientArrived: PatientArrived.self
        case .ivInserted: IVInserted.self
        case .ivRemoved: IVRemoved.self
        case .infusionStarted: InfusionStarted.self
        case .doseAdjusted: DoseAdjusted.self
        case .infusionStopped: InfusionStopped.self
        case .vitalsRecorded: VitalsRecorded.self
        case .sideEffectObserved: SideEffectObserved.self
        case .sideEffectResolved: SideEffectResolved.self
        case .recoveryScored: RecoveryScored.self
        case .driverConfirmed: DriverConfirmed.self
        case .dischargeOrdered: DischargeOrdered.self
        case .discharged: Discharged.self
        case .noteRecorded: NoteRecorded.self
        case .eventVoided: EventVoided.self
        case .eventAmended: EventAmended.self
        case .policyAdopted: PolicyAdopted.self
        case .consentFormPublished: ConsentFormPublished.self
        case .staffEnrolled: StaffEnrolled.self
        case .patientDetailsChanged: PatientDetailsChanged.self
        case .followUpRecorded: FollowUpRecorded.self
        case .sessionCancelled: SessionCancelled.self
        case .preInfusionAssessed: PreInfusionAssessed.self
        case .driverExempted: DriverExempted.self
        case .ivAttemptFailed: IVAttemptFailed.self
        case .bolusGiven: BolusGiven.self
        case .medicationGiven: MedicationGiven.self
        case .waiverNoted: WaiverNoted.self
        case .drugReceived: DrugReceived.self
        case .drugDispensed: DrugDispensed.self
        case .drugWasted: DrugWasted.self
        case .drugReturned: DrugReturned.self
        case .vialCounted: VialCounted.self
        case .drugLossReported: DrugLossReported.self
        case .inventoryTaken: InventoryTaken.self
        case .staffRevoked: StaffRevoked.self
        case .chartRead: ChartRead.self
        case .exportMade: ExportMade.self
        case .signedIn: SignedIn.self
        case .signedOut: SignedOut.self
        case .signInFailed: SignInFailed.self
        case .accessDenied: AccessDenied.self
        case .breakGlassInvoked: BreakGlassInvoked.self
        case .breakGlassReviewed: BreakGlassReviewed.self
        case .disclosureMade: DisclosureMade.self
        case .payloadErased: PayloadErased.self
        }
    }
}

extension EventBody {
    init(_ type: EventType, reading fields: inout FieldReader) {
        switch type {
        case .patientRegistered: self = .patientRegistered(.init(reading: &fields))
        case .consultationRecorded: self = .consultationRecorded(.init(reading: &fields))
        case .treatmentPlanned: self = .treatmentPlanned(.init(reading: &fields))
        case .consentSigned: self = .consentSigned(.init(reading: &fields))
        case .consentWithdrawn: self = .consentWithdrawn(.init(reading: &fields))
        case .sessionBooked: self = .sessionBooked(.init(reading: &fields))
        case .patientArrived: self = .patientArrived(.init(reading: &fields))
        case .ivInserted: self = .ivInserted(.init(reading: &fields))
        case .ivRemoved: self = .ivRemoved(.init(reading: &fields))
        case .infusionStarted: self = .infusionStarted(.init(reading: &fields))
        case .doseAdjusted: self = .doseAdjusted(.init(reading: &fields))
        case .infusionStopped: self = .infusionStopped(.init(reading: &fields))
        case .vitalsRecorded: self = .vitalsRecorded(.init(reading: &fields))
        case .sideEffectObserved: self = .sideEffectObserved(.init(reading: &fields))
        case .sideEffectResolved: self = .sideEffectResolved(.init(reading: &fields))
        case .recoveryScored: self = .recoveryScored(.init(reading: &fields))
        case .driverConfirmed: self = .driverConfirmed(.init(reading: &fields))
        case .dischargeOrdered: self = .dischargeOrdered(.init(reading: &fields))
        case .discharged: self = .discharged(.init(reading: &fields))
        case .noteRecorded: self = .noteRecorded(.init(reading: &fields))
        case .eventVoided: self = .eventVoided(.init(reading: &fields))
        case .eventAmended: self = .eventAmended(.init(reading: &fields))
        case .policyAdopted: self = .policyAdopted(.init(reading: &fields))
        case .consentFormPublished: self = .consentFormPublished(.init(reading: &fields))
        case .staffEnrolled: self = .staffEnrolled(.init(reading: &fields))
        case .patientDetailsChanged: self = .patientDetailsChanged(.init(reading: &fields))
        case .followUpRecorded: self = .followUpRecorded(.init(reading: &fields))
        case .sessionCancelled: self = .sessionCancelled(.init(reading: &fields))
        case .preInfusionAssessed: self = .preInfusionAssessed(.init(reading: &fields))
        case .driverExempted: self = .driverExempted(.init(reading: &fields))
        case .ivAttemptFailed: self = .ivAttemptFailed(.init(reading: &fields))
        case .bolusGiven: self = .bolusGiven(.init(reading: &fields))
        case .medicationGiven: self = .medicationGiven(.init(reading: &fields))
        case .waiverNoted: self = .waiverNoted(.init(reading: &fields))
        case .drugReceived: self = .drugReceived(.init(reading: &fields))
        case .drugDispensed: self = .drugDispensed(.init(reading: &fields))
        case .drugWasted: self = .drugWasted(.init(reading: &fields))
        case .drugReturned: self = .drugReturned(.init(reading: &fields))
        case .vialCounted: self = .vialCounted(.init(reading: &fields))
        case .drugLossReported: self = .drugLossReported(.init(reading: &fields))
        case .inventoryTaken: self = .inventoryTaken(.init(reading: &fields))
        case .staffRevoked: self = .staffRevoked(.init(reading: &fields))
        case .chartRead: self = .chartRead(.init(reading: &fields))
        case .exportMade: self = .exportMade(.init(reading: &fields))
        case .signedIn: self = .signedIn(.init(reading: &fields))
        case .signedOut: self = .signedOut(.init(reading: &fields))
        case .signInFailed: self = .signInFailed(.init(reading: &fields))
        case .accessDenied: self = .accessDenied(.init(reading: &fields))
        case .breakGlassInvoked: self = .breakGlassInvoked(.init(reading: &fields))
        case .breakGlassReviewed: self = .breakGlassReviewed(.init(reading: &fields))
        case .disclosureMade: self = .disclosureMade(.init(reading: &fields))
        case .payloadErased: self = .payloadErased(.init(reading: &fields))
        }
    }

    public var type: EventType {
        switch self {
        case .patientRegistered: .patientRegistered
        case .consultationRecorded: .consultationRecorded
        case .treatmentPlanned: .treatmentPlanned
        case .consentSigned: .consentSigned
        case .consentWithdrawn: .consentWithdrawn
        case .sessionBooked: .sessionBooked
        case .patientArrived: .patientArrived
        case .ivInserted: .ivInserted
        case .ivRemoved: .ivRemoved
        case .infusionStarted: .infusionStarted
        case .doseAdjusted: .doseAdjusted
        case .infusionStopped: .infusionStopped
        case .vitalsRecorded: .vitalsRecorded
        case .sideEffectObserved: .sideEffectObserved
        case .sideEffectResolved: .sideEffectResolved
        case .recoveryScored: .recoveryScored
        case .driverConfirmed: .driverConfirmed
        case .dischargeOrdered: .dischargeOrdered
        case .discharged: .discharged
        case .noteRecorded: .noteRecorded
        case .eventVoided: .eventVoided
        case .eventAmended: .eventAmended
        case .policyAdopted: .policyAdopted
        case .consentFormPublished: .consentFormPublished
        case .staffEnrolled: .staffEnrolled
        case .patientDetailsChanged: .patientDetailsChanged
        case .followUpRecorded: .followUpRecorded
        case .sessionCancelled: .sessionCancelled
        case .preInfusionAssessed: .preInfusionAssessed
        case .driverExempted: .driverExempted
        case .ivAttemptFailed: .ivAttemptFailed
        case .bolusGiven: .bolusGiven
        case .medicationGiven: .medicationGiven
        case .waiverNoted: .waiverNoted
        case .drugReceived: .drugReceived
        case .drugDispensed: .drugDispensed
        case .drugWasted: .drugWasted
        case .drugReturned: .drugReturned
        case .vialCounted: .vialCounted
        case .drugLossReported: .drugLossReported
        case .inventoryTaken: .inventoryTaken
        case .staffRevoked: .staffRevoked
        case .chartRead: .chartRead
        case .exportMade: .exportMade
        case .signedIn: .signedIn
        case .signedOut: .signedOut
        case .signInFailed: .signInFailed
        case .accessDenied: .accessDenied
        case .breakGlassInvoked: .breakGlassInvoked
        case .breakGlassReviewed: .breakGlassReviewed
        case .disclosureMade: .disclosureMade
        case .payloadErased: .payloadErased
        }
    }

    /// The content, whatever its type.
    public var content: any EventData {
        switch self {
        case .patientRegistered(let content): content
        case .consultationRecorded(let content): content
        case .treatmentPlanned(let content): content
        case .consentSigned(let content): content
        case .consentWithdrawn(let content): content
        case .sessionBooked(let content): content
        case .patientArrived(let content): content
        case .ivInserted(let content): content
        case .ivRemoved(let content): content
        case .infusionStarted(let content): content
        case .doseAdjusted(let content): content
        case .infusionStopped(let content): content
        case .vitalsRecorded(let content): content
        case .sideEffectObserved(let content): content
        case .sideEffectResolved(let content): content
        case .recoveryScored(let content): content
        case .driverConfirmed(let content): content
        case .dischargeOrdered(let content): content
        case .discharged(let content): content
        case .noteRecorded(let content): content
        case .eventVoided(let content): content
        case .eventAmended(let content): content
        case .policyAdopted(let content): content
        case .consentFormPublished(let content): content
        case .staffEnrolled(let content): content
        case .patientDetailsChanged(let content): content
        case .followUpRecorded(let content): content
        case .sessionCancelled(let content): content
        case .preInfusionAssessed(let content): content
        case .driverExempted(let content): content
        case .ivAttemptFailed(let content): content
        case .bolusGiven(let content): content
        case .medicationGiven(let content): content
        case .waiverNoted(let content): content
        case .drugReceived(let content): content
        case .drugDispensed(let content): content
        case .drugWasted(let content): content
        case .drugReturned(let content): content
        case .vialCounted(let content): content
        case .drugLossReported(let content): content
        case .inventoryTaken(let content): content
        case .staffRevoked(let content): content
        case .chartRead(let content): content
        case .exportMade(let content): content
        case .signedIn(let content): content
        case .signedOut(let content): content
        case .signInFailed(let content): content
        case .accessDenied(let content): content
        case .breakGlassInvoked(let content): content
        case .breakGlassReviewed(let content): content
        case .disclosureMade(let content): content
        case .payloadErased(let content): content
        }
    }
}

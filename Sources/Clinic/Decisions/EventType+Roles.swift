extension EventType {
    /// The roles of which its author must hold one; nil where anyone may chart it.
    ///
    /// Corrections are open to anyone on charts; on the `clinic` stream and in the access log they need the role of what they correct, because
    /// there an amendment would hand out rights, or hide an access.
    public var roles: Set<StaffRole>? {
        switch self {
        case .staffEnrolled, .staffRevoked: [.administrator]
        case .policyAdopted, .consentFormPublished: [.administrator, .compliance]
        case .patientRegistered, .patientDetailsChanged, .sessionBooked, .sessionCancelled, .patientArrived, .driverConfirmed:
            [.frontDesk, .nurse, .prescriber]
        case .consultationRecorded, .treatmentPlanned, .dischargeOrdered, .driverExempted, .waiverNoted: [.prescriber]
        case .drugReceived, .drugReturned: [.nurse, .prescriber, .administrator]
        case .inventoryTaken, .vialCounted, .drugLossReported: [.nurse, .prescriber, .compliance, .administrator]
        case .breakGlassReviewed, .payloadErased: [.prescriber, .compliance, .administrator]
        case .disclosureMade: [.frontDesk, .nurse, .prescriber, .compliance, .administrator]
        case .consentSigned, .consentWithdrawn, .ivInserted, .infusionStarted, .doseAdjusted, .recoveryScored, .sideEffectResolved,
            .discharged, .followUpRecorded, .preInfusionAssessed, .ivAttemptFailed, .bolusGiven, .drugDispensed:
            [.nurse, .prescriber]
        case .ivRemoved, .infusionStopped, .vitalsRecorded, .sideEffectObserved, .medicationGiven, .drugWasted, .noteRecorded,
            .eventAmended, .eventVoided, .chartRead, .exportMade, .signedIn, .signedOut, .signInFailed, .accessDenied, .breakGlassInvoked:
            nil
        }
    }
}

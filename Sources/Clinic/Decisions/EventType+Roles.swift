extension EventType {
    /// The roles of which its author must hold one; nil where anyone may chart it.
    ///
    /// Corrections are open to anyone on charts; on the `clinic` stream they need the role of what they correct, because there an amendment
    /// would hand out rights.
    public var roles: Set<StaffRole>? {
        switch self {
        case .staffEnrolled: [.administrator]
        case .policyAdopted, .consentFormPublished: [.administrator, .compliance]
        case .patientRegistered, .sessionBooked, .patientArrived, .driverConfirmed: [.frontDesk, .nurse, .prescriber]
        case .consultationRecorded, .treatmentPlanned, .dischargeOrdered: [.prescriber]
        case .consentSigned, .consentWithdrawn, .ivInserted, .infusionStarted, .doseAdjusted, .recoveryScored, .sideEffectResolved,
            .discharged:
            [.nurse, .prescriber]
        case .ivRemoved, .infusionStopped, .vitalsRecorded, .sideEffectObserved, .noteRecorded, .eventAmended, .eventVoided: nil
        }
    }
}

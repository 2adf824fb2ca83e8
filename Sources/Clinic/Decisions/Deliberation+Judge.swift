extension EventType {
    /// Whether it may be refused for a role, a gate or a race. The rest is charting that bookkeeping never blocks.
    var isConditional: Bool {
        switch self {
        case .vitalsRecorded, .sideEffectObserved, .infusionStopped, .medicationGiven, .drugWasted, .ivRemoved, .noteRecorded,
            .eventAmended, .eventVoided, .breakGlassInvoked:
            false
        default: true
        }
    }
}

extension Deliberation {
    /// Refuses the event under judgement, or returns. One line a type; the rules stand in a file for each family.
    mutating func judge() throws(Stop) {
        switch event.body {
        case .patientRegistered: try judgePatientRegistered()
        case .consultationRecorded: try judgeConsultationRecorded()
        case .treatmentPlanned(let body): try judge(body)
        case .consentSigned(let body): try judge(body)
        case .consentWithdrawn: try judgeConsentWithdrawn()
        case .sessionBooked(let body): try judge(body)
        case .patientArrived(let body): try judge(body)
        case .ivInserted(let body): try judge(body)
        case .ivRemoved: try judgeIVRemoved()
        case .infusionStarted(let body): try judge(body)
        case .doseAdjusted(let body): try judge(body)
        case .infusionStopped: try judgeInfusionStopped()
        case .vitalsRecorded, .sideEffectObserved: try requireKnownSession()
        case .sideEffectResolved(let body): try judge(body)
        case .recoveryScored: try judgeRecoveryScored()
        case .driverConfirmed: try judgeDriverConfirmed()
        case .dischargeOrdered(let body): try judge(body)
        case .discharged: try judgeDischarged()
        case .noteRecorded: try judgeNote()
        case .eventAmended(let body): try judge(body)
        case .eventVoided(let body): try judge(body)
        case .policyAdopted(let body): try judge(body)
        case .consentFormPublished(let body): try judge(body)
        case .staffEnrolled(let body): try judge(body)
        case .medicationGiven: try requireKnownSession()
        case .patientDetailsChanged, .followUpRecorded, .sessionCancelled, .preInfusionAssessed, .driverExempted, .ivAttemptFailed,
            .bolusGiven, .waiverNoted, .drugReceived, .drugDispensed, .drugWasted, .drugReturned, .vialCounted, .drugLossReported,
            .inventoryTaken, .staffRevoked, .chartRead, .exportMade, .signedIn, .signedOut, .signInFailed, .accessDenied,
            .breakGlassInvoked, .breakGlassReviewed, .disclosureMade:
            try requireRole()
        }
    }

    /// A note needs something that it is about.
    private func judgeNote() throws(Stop) {
        switch proposal.stream.kind {
        case .session: try requireKnownSession()
        case .patient: try requireKnownPatient()
        case .clinic: try requireFounded(ClinicReference(try peek(.clinic)))
        case .vial, .access: return
        }
    }
}

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

    /// Whether it is judged by what else stands on its stream; on streams of the record everything is.
    var refersToItsStream: Bool {
        switch self {
        case .chartRead, .exportMade, .signedIn, .signedOut, .signInFailed, .accessDenied, .breakGlassInvoked, .disclosureMade: false
        default: true
        }
    }
}

extension EventBody {
    /// The streams beside its own and the clinic's that the decision is sure to look at.
    var streamsToLookAt: Set<StreamID> {
        switch self {
        case .inventoryTaken(let inventory): Set(inventory.lines.map { .vial($0.vial) })
        case .followUpRecorded(let followUp): Set(followUp.session.map { [.session($0)] } ?? [])
        // What is never refused for them needs none of them; an attempt at a patient who doesn't exist is worth recording, too.
        case .drugWasted, .accessDenied, .breakGlassInvoked: []
        default: Set(subject.map { [$0] } ?? [])
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
        case .patientDetailsChanged: try judgePatientDetailsChanged()
        case .followUpRecorded(let body): try judge(body)
        case .sessionCancelled: try judgeSessionCancelled()
        case .preInfusionAssessed, .ivAttemptFailed: try judgePreparation()
        case .driverExempted(let body): try judge(body)
        case .waiverNoted: try judgeWaiverNoted()
        case .bolusGiven(let body): try judge(body)
        case .drugReceived: try judgeDrugReceived()
        case .drugDispensed(let body): try judge(body)
        case .drugWasted: try judgeDrugWasted()
        case .drugReturned(let body): try judge(body)
        case .vialCounted, .drugLossReported: try judgeVialEntry()
        case .inventoryTaken(let body): try judge(body)
        case .staffRevoked(let body): try judge(body)
        case .chartRead(let body): try judgeAccess(to: body.patient)
        case .exportMade(let body): try judgeAccess(to: body.patient)
        case .disclosureMade(let body): try judgeAccess(to: body.patient)
        case .signedIn, .signedOut, .signInFailed, .accessDenied, .breakGlassInvoked: try judgeAccess(to: nil)
        case .breakGlassReviewed(let body): try judge(body)
        case .payloadErased: throw recordedByErasuresOnly()
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

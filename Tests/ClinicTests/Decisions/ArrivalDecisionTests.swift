import Canonical
import Clinic
import Testing

@Suite struct ArrivalDecisionTests {
    // MARK: Booking

    @Test func booked() throws {
        try given().when(.booked).then(.accepted)
        try given().when(.booked.with("plan", nil)).then(.accepted)
        try given().when(.booked, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given([.booked]).when(.booked).then(.refused("already-booked", .conflict))
        try given(.discharged.filter { $0.type != .sessionBooked }).when(.booked).then(.refused("already-discharged", .conflict))
    }

    @Test func aBookingNamesAPatientAndTheirPlan() throws {
        try given(patient: []).when(.booked).then(.refused("unknown-patient", .invalid, at: "/data/patient"))
        try given(patient: [.registered]).when(.booked).then(.refused("unknown-plan", .invalid, at: "/data/plan"))
        try given().when(.booked.with("plan", .id(Story.id(77)))).then(.refused("unknown-plan", .invalid, at: "/data/plan"))
    }

    @Test func aBookingDependsOnPatientAndSessionAndStaff() throws {
        let outcome = try given().when(.booked)
        #expect(outcome.acceptance?.conditions.map(\.stream) == [.clinic, Story.patient, Story.session])
        #expect(outcome.acceptance?.conditions.map(\.version) == [6, 4, 0])
        #expect(outcome.acceptance?.subjects == [Story.patient])
        #expect(outcome.rounds == 2)
    }

    // MARK: Arrival

    @Test func arrived() throws {
        try given([.booked]).when(.arrived, by: "fay").then(.accepted)
        try given().when(.arrived).then(.accepted)
        try given([.booked]).when(.arrived, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given(.arrived).when(.arrived.at(5)).then(.refused("already-arrived", .conflict))
        // Also where the second one is dated before the first.
        try given(.arrived).when(.arrived.at(-5)).then(.refused("already-arrived", .conflict))
    }

    @Test func theArrivedIsTheBooked() throws {
        let other = Step.registered.on(.patient(Story.id(40)))
        let arrival = Step.arrived.with("patient", .id(Story.id(40)))
        try given([.booked], patient: .patient + [other]).when(arrival).then(.refused("patient-mismatch", .conflict, at: "/data/patient"))
        try given(patient: .patient + [other]).when(arrival).then(.accepted)
        try given().when(arrival).then(.refused("unknown-patient", .invalid, at: "/data/patient"))
    }

    @Test func aVoidedArrivalMayBeRecordedAnew() throws {
        let arrival = Step.arrived.id(Story.id(50))
        try given([.booked, arrival, .voided(arrival.id)]).when(.arrived.at(5)).then(.accepted)
        let discharged = [Step].discharged.map { $0.type == .patientArrived ? arrival : $0 } + [.voided(arrival.id)]
        try given(discharged).when(.arrived.at(1)).then(.accepted)
        try given(discharged).when(.arrived.at(91)).then(.refused("already-discharged", .conflict))
    }

    // MARK: A session must be known

    @Test(arguments: [
        Step.vitals, .sideEffect, .sideEffectResolved, .note, .ivInserted, .ivRemoved, .infusionStarted(), .doseAdjusted(1, 2),
        .infusionStopped, .recoveryScored(), .driver, .dischargeOrdered, .discharged,
    ])
    func nothingHappensInAnUnknownSession(_ step: Step) throws {
        try given().when(step, by: step.actor).then(.refused("unknown-session", .notFound))
    }

    @Test func aWalkInIsKnownByTheArrival() throws {
        try given([.arrived]).when(.vitals).then(.unconditional)
        try given([.arrived]).when(.ivInserted).then(.accepted)
    }

    // MARK: The line

    @Test func ivInserted() throws {
        try given(.arrived).when(.ivInserted).then(.accepted)
        try given(.arrived).when(.ivInserted, by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given([.booked]).when(.ivInserted).then(.refused("not-arrived", .conflict))
        try given(.arrived).when(.ivInserted.at(-1)).then(.refused("not-arrived", .conflict))
        try given(.discharged).when(.ivInserted.at(90)).then(.refused("already-discharged", .conflict))
        // A late entry, before the discharge.
        try given(.discharged).when(.ivInserted.at(65)).then(.accepted)
    }

    @Test func aSecondLineGoesElsewhere() throws {
        try given(.ivIn).when(.ivInserted.at(12)).then(.refused("iv-already-in", .conflict, at: "/data/site"))
        try given(.ivIn).when(.ivInserted.at(12).with("side", "right")).then(.accepted)
        try given(.ivIn + [.ivRemoved.at(11)]).when(.ivInserted.at(12)).then(.accepted)
    }

    @Test func ivRemoved() throws {
        try given(.ivIn).when(.ivRemoved, by: "nobody").then(.neverBlocked)
        try given(.infusing).when(.ivRemoved).then(.neverBlocked)
        try given(.arrived).when(.ivRemoved).then(.refused("no-iv-in", .conflict))
        try given(.ivIn).when(.ivRemoved.at(9)).then(.refused("no-iv-in", .conflict))
        try given(.stopped).when(.ivRemoved.at(61)).then(.refused("no-iv-in", .conflict))
        try given(.ivIn).when(.ivRemoved.with("site", "hand")).then(.neverBlocked)
        // Left in by mistake, taken out after the discharge.
        try given(.discharged.filter { $0.type != .ivRemoved }).when(.ivRemoved.at(95)).then(.neverBlocked)
    }

    // MARK: Gates

    @Test(arguments: [Step.ivInserted, .infusionStarted()])
    func candidacyGate(_ step: Step) throws {
        let before: [Step] = step.type == .ivInserted ? .arrived : .ivIn
        func patient(_ consultations: Step...) -> [Step] { [.registered] + consultations + [.planned(), .consentSigned()] }
        try given(before, patient: patient(.consulted())).when(step).then(.accepted)
        try given(before, patient: patient()).when(step).then(.gate(.candidacy))
        try given(before, patient: patient(.consulted("not_candidate"))).when(step).then(.gate(.candidacy))
        try given(before, patient: patient(.consulted("deferred"))).when(step).then(.gate(.candidacy))
        try given(before, patient: patient(.consulted("deferred"), .consulted())).when(step).then(.accepted)
        try given(before, patient: patient(.consulted(), .consulted("not_candidate", at: 5))).when(step).then(.gate(.candidacy))
        // What is found afterwards changes nothing.
        try given(before, patient: patient(.consulted(), .consulted("not_candidate", at: 16))).when(step).then(.accepted)
        try given(before, patient: patient()).when(step, by: "dr.lin", overriding: "candidacy").then(.accepted)
        try given(before, patient: patient()).when(step, by: "dr.lin", overriding: "consent").then(.gate(.candidacy))
        try given(before, patient: patient()).when(step, overriding: "candidacy")
            .then(.refused("override-needs-prescriber", .forbidden, at: "/override"))
    }

    @Test(arguments: [Step.ivInserted, .infusionStarted(), .doseAdjusted(35, 42)])
    func consentGate(_ step: Step) throws {
        let before: [Step] = [.ivInserted: .arrived, .infusionStarted: .ivIn][step.type] ?? .infusing
        let unsigned = [Step].patient.filter { $0.type != .consentSigned }
        let renewed = [Step].clinic + [.formPublished("2", text: "New.", at: 5)]
        try given(before, patient: .patient).when(step).then(.accepted)
        try given(before, patient: unsigned).when(step).then(.gate(.consent))
        try given(before, patient: unsigned + [.consentSigned(at: step.minute)]).when(step).then(.accepted)
        try given(before, patient: unsigned + [.consentSigned(at: step.minute + 0.001)]).when(step).then(.gate(.consent))
        try given(before, patient: unsigned + [.consentSigned(at: 0).with("signed_at", .time(step.minute + 1))]).when(step).then(
            .gate(.consent))
        try given(before, patient: .patient + [.consentWithdrawn(at: step.minute)]).when(step).then(.gate(.consent))
        try given(before, patient: .patient + [.consentWithdrawn(at: step.minute + 1)]).when(step).then(.accepted)
        try given(before, patient: .patient + [.consentWithdrawn(at: 3), .consentSigned(at: 4)]).when(step).then(.accepted)
        try given(before, patient: .patient, clinic: renewed).when(step).then(.gate(.consent))
        try given(before, patient: .patient + [.consentSigned("2", at: 6)], clinic: renewed).when(step).then(.accepted)
        try given(before, patient: unsigned).when(step, by: "dr.lin", overriding: "consent").then(.accepted)
        try given(before, patient: unsigned).when(step, overriding: "consent").then(
            .refused("override-needs-prescriber", .forbidden, at: "/override"))
    }

    /// One override names one gate.
    @Test func anOverrideOpensOneGateOnly() throws {
        let scenario = try given(.arrived, patient: [.registered])
        try scenario.when(.ivInserted, by: "dr.lin", overriding: "candidacy").then(.gate(.consent))
        try scenario.when(.ivInserted, by: "dr.lin", overriding: "consent").then(.gate(.candidacy))
    }
}

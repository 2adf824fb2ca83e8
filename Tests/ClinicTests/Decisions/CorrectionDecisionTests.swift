import Canonical
import Clinic
import Testing

@Suite struct CorrectionDecisionTests {
    private let vitals = Step.vitals.id(Story.id(80))
    private let amendment = Step.amended(Story.id(80), Step.vitals.with("heart_rate", 82).data).id(Story.id(81))
    private let voiding = Step.voided(Story.id(80)).id(Story.id(82))

    @Test func anyoneMayCorrectAChart() throws {
        for actor in ["nia", "fay", "nobody"] {
            try given(.infusing + [vitals]).when(amendment, by: actor).then(.unconditional)
            try given(.infusing + [vitals]).when(voiding, by: actor).then(.unconditional)
        }
        try given(.discharged + [vitals]).when(amendment).then(.unconditional)
    }

    @Test func aCorrectionNamesAnEarlierEventOfItsStream() throws {
        try given(.infusing).when(amendment).then(.refused("unknown-target", .invalid, at: "/data/target"))
        try given(.infusing).when(voiding).then(.refused("unknown-target", .invalid, at: "/data/target"))
        try given(.infusing + [vitals]).when(.voided(Story.id(80)).on(Story.patient)).then(.refused("unknown-target", .invalid))
        try given(.infusing).when(vitals, amendment, .voided(Story.id(81))).then(.unconditional)
        try given(.infusing).when(amendment, vitals).then(.refused("unknown-target", .invalid, at: "/events/0/data/target"))
    }

    @Test func theNewDataIsValidForTheTarget() throws {
        let scenario = try given(.infusing + [vitals])
        let outcome = try scenario.when(.amended(vitals.id, vitals.with("heart_rate", 300).with("phase", "asleep").data))
        outcome.then(.refused("invalid-data", .invalid))
        #expect(outcome.refusal?.problems.map(\.pointer) == ["/data/data/phase", "/data/data/heart_rate"])
        let second = try scenario.when(.note, .amended(vitals.id, vitals.with("heart_rate", 300).data))
        #expect(second.refusal?.problems.map(\.pointer) == ["/events/1/data/data/heart_rate"])
        try scenario.when(.amended(vitals.id, Step.note.data)).then(.refused("invalid-data", .invalid))
    }

    @Test func whatIsVoidedStaysSo() throws {
        let scenario = try given(.infusing + [vitals, amendment, voiding])
        for target in [vitals.id, amendment.id] {
            try scenario.when(.amended(target, vitals.data)).then(.refused("target-voided", .conflict, at: "/data/target"))
            try scenario.when(.voided(target)).then(.refused("target-voided", .conflict, at: "/data/target"))
        }
        try scenario.when(.voided(voiding.id)).then(.refused("target-is-voiding", .conflict, at: "/data/target"))
        try scenario.when(.amended(voiding.id, voiding.data)).then(.refused("target-is-voiding", .conflict, at: "/data/target"))
    }

    @Test func amendmentsMayBeAmendedAndVoided() throws {
        let scenario = try given(.infusing + [vitals, amendment])
        try scenario.when(.amended(amendment.id, vitals.data)).then(.unconditional)
        // The data is the target's whole replacement, not an amendment's.
        try scenario.when(.amended(amendment.id, amendment.data)).then(.refused("invalid-data", .invalid))
        try scenario.when(.voided(amendment.id)).then(.unconditional)
        let voided = try given(.infusing + [vitals, amendment, .voided(amendment.id)])
        try voided.when(.voided(amendment.id)).then(.refused("target-voided", .conflict))
        try voided.when(.amended(amendment.id, vitals.data)).then(.refused("target-voided", .conflict))
        try voided.when(.amended(vitals.id, vitals.data)).then(.unconditional)
    }

    @Test func anAmendmentKeepsThePatient() throws {
        let booking = Step.booked.id(Story.id(83))
        let moved = booking.with("patient", .id(Story.id(40))).data
        try given([booking]).when(.amended(booking.id, moved)).then(
            .refused("amendment-changes-patient", .invalid, at: "/data/data/patient"))
        try given([booking]).when(.amended(booking.id, booking.with("chair", "2").data)).then(.unconditional)
    }

    /// Decisions see the data in force.
    @Test func decisionsFollowCorrections() throws {
        let start = Step.infusionStarted().id(Story.id(84))
        let running = [Step].ivIn + [start]
        try given(running + [.amended(start.id, Step.infusionStarted(30).data)]).when(.doseAdjusted(30, 35)).then(.accepted)
        try given(running + [.amended(start.id, Step.infusionStarted(30).data)]).when(.doseAdjusted(35, 40)).then(
            .refused("stale-rate", .conflict))
        try given(running + [.voided(start.id)]).when(.doseAdjusted(35, 40)).then(.refused("no-infusion-running", .conflict))
        let consent = Step.consentSigned().id(Story.id(85))
        let patient: [Step] = [.registered, .consulted(), .planned(), consent, .voided(consent.id).on(Story.patient)]
        try given(.arrived, patient: patient).when(.ivInserted).then(.gate(.consent))
    }
}

import Canonical
import Clinic
import Testing

/// Cancellation, preparation, waivers and exemptions; what is recorded of the patient around a session.
@Suite struct SessionDecisionTests {
    // MARK: Cancellation

    @Test func cancelled() throws {
        try given([.booked]).when(.cancelled).then(.accepted)
        try given([.booked]).when(.cancelled, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given().when(.cancelled).then(.refused("unknown-session", .notFound))
        try given(.arrived).when(.cancelled).then(.refused("already-arrived", .conflict))
        try given(.discharged).when(.cancelled).then(.refused("already-arrived", .conflict))
        try given([.booked, .cancelled]).when(.cancelled.at(-10)).then(.refused("already-cancelled", .conflict))
    }

    @Test func nobodyArrivesForACancelledSession() throws {
        let cancellation = Step.cancelled.id(Story.id(50))
        try given([.booked, cancellation]).when(.arrived).then(.refused("session-cancelled", .conflict))
        try given([.booked, cancellation, .voided(cancellation.id)]).when(.arrived).then(.accepted)
        try given([.booked, cancellation]).when(.booked).then(.refused("already-booked", .conflict))
        try given([.booked, cancellation]).when(.driver).then(.refused("session-cancelled", .conflict))
        try given([.booked, cancellation]).when(.driver.at(-61).with("stage", "expected")).then(.accepted)
        // A note on why is still taken.
        try given([.booked, cancellation]).when(.note).then(.unconditional)
    }

    // MARK: Before the infusion

    @Test(arguments: [Step.assessed, .attemptFailed])
    func preparations(_ step: Step) throws {
        try given(.arrived).when(step).then(.accepted)
        try given(.arrived).when(step, by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given([.booked]).when(step).then(.refused("not-arrived", .conflict))
        try given().when(step).then(.refused("unknown-session", .notFound))
        try given(.discharged).when(step.at(90)).then(.refused("already-discharged", .conflict))
        try given(.discharged).when(step).then(.accepted)
    }

    // MARK: What prescribers decide

    @Test(arguments: [Step.waived, .exempted])
    func decisionsOfPrescribers(_ step: Step) throws {
        try given(.infusing).when(step).then(.accepted)
        try given([.booked]).when(step.at(-10)).then(.accepted)
        for actor in ["nia", "fay", "cora"] { try given(.infusing).when(step, by: actor).then(.refused("role-not-allowed", .forbidden)) }
        try given().when(step).then(.refused("unknown-session", .notFound))
        try given(.discharged).when(step.at(90)).then(.refused("already-discharged", .conflict))
        try given(.discharged).when(step.at(89)).then(.accepted)
    }

    @Test func anExemptionIsByAPrescriber() throws {
        try given(.stopped).when(.exempted.with("by", "nia")).then(.refused("not-a-prescriber", .forbidden, at: "/data/by"))
        try given(.stopped).when(.exempted.with("by", "gone")).then(.refused("unknown-staff", .invalid, at: "/data/by"))
    }

    @Test func medicationIsNeverBlocked() throws {
        for actor in ["nia", "nobody"] { try given(.discharged).when(.medicated.at(95), by: actor).then(.unconditional) }
        try given().when(.medicated).then(.refused("unknown-session", .notFound))
    }

    // MARK: The patient

    @Test func details() throws {
        try given().when(.detailsChanged).then(.accepted)
        try given().when(.detailsChanged, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given(patient: []).when(.detailsChanged).then(.refused("unknown-patient", .notFound))
        try given().when(.detailsChanged.at(Step.weekAgo - 1)).then(.refused("not-registered", .conflict, at: "/occurred_at"))
    }

    @Test func followUps() throws {
        try given().when(.followUp()).then(.accepted)
        try given().when(.followUp(), by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given(patient: []).when(.followUp()).then(.refused("unknown-patient", .notFound))
        try given(.discharged).when(.followUp(Story.id(2))).then(.accepted)
        try given().when(.followUp(Story.id(2))).then(.refused("unknown-session", .invalid, at: "/data/session"))
        let other = Step.registered.on(.patient(Story.id(40)))
        let theirs = [Step].discharged.map {
            [.sessionBooked, .patientArrived].contains($0.type) ? $0.with("patient", .id(Story.id(40))) : $0
        }
        try given(theirs, patient: .patient + [other]).when(.followUp(Story.id(2))).then(
            .refused("patient-mismatch", .conflict, at: "/data/session"))
        #expect(try given(.discharged).when(.followUp(Story.id(2))).rounds == 2)
    }
}

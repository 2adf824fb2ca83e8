import Canonical
import Clinic
import Testing

/// What goes to the access log. Staff and patients stand in the record, which is looked at and never a condition.
@Suite struct AccessDecisionTests {
    @Test(arguments: [Step.chartRead, .exported, .signedIn, .signedOut, .signInFailed, .accessDenied, .glassBroken])
    func factsOfTheSystemAreTakenFromAnybody(_ step: Step) throws {
        for actor in [step.actor, "nobody"] { try given().when(step, by: actor).then(.unconditional) }
        // Cheap: the stream of all who read the chart isn't loaded for one more.
        #expect(try given().when(step).loaded.isDisjoint(with: [step.stream]))
        try given(patient: [], clinic: []).when(step).then(.refused("clinic-not-founded", .conflict))
    }

    @Test(arguments: [Step.chartRead, .exported, .disclosed])
    func thePatientIsKnown(_ step: Step) throws {
        let unknown = step.with("patient", .id(Story.id(77)))
        try given().when(unknown).then(.refused("unknown-patient", .invalid, at: "/data/patient"))
    }

    /// In an emergency the id may be wrong, and an attempt at a chart that doesn't exist is worth knowing.
    @Test(arguments: [Step.glassBroken, .accessDenied])
    func someNeedNoPatient(_ step: Step) throws {
        try given().when(step.with("patient", .id(Story.id(77)))).then(.unconditional)
        #expect(try given().when(step).loaded == [.clinic])
    }

    @Test func subjectsAreThePatients() throws {
        #expect(
            try given().when(.chartRead, .signedIn.on(Story.access), .glassBroken).acceptance?.subjects == [
                Story.patient, nil, Story.patient,
            ])
    }

    @Test func disclosuresTakeARole() throws {
        for actor in ["fay", "nia", "dr.lin", "cora", "ada"] { try given().when(.disclosed, by: actor).then(.unconditional) }
        try given(clinic: .clinic + [.enrolled("rex", "reporting")]).when(.disclosed, by: "rex").then(
            .refused("role-not-allowed", .forbidden))
        try given().when(.disclosed, by: "nobody").then(.refused("actor-not-enrolled", .forbidden))
    }

    // MARK: Review

    @Test func aBreakGlassIsReviewedBySomebodyElseOnce() throws {
        let scenario = try given([.glassBroken])
        let outcome = try scenario.when(.glassReviewed)
        outcome.then(.accepted)
        // In its own log only.
        #expect(outcome.acceptance?.conditions == [Acceptance.Condition(stream: Story.access, version: 1)])
        try scenario.when(.glassReviewed, by: "nia").then(.refused("role-not-allowed", .forbidden))
        try given([.glassBroken.by("cora")]).when(.glassReviewed).then(.refused("own-invocation", .forbidden))
        try given([.glassBroken, .glassReviewed]).when(.glassReviewed.at(110), by: "ada").then(
            .refused("already-reviewed", .conflict, at: "/data/invocation"))
        let review = Step.glassReviewed.id(Story.id(62))
        try given([.glassBroken, review, .voided(review.id).on(Story.access)]).when(.glassReviewed.at(110)).then(.accepted)
        try given().when(.glassBroken, .glassReviewed, by: "ada").then(.refused("own-invocation", .forbidden))
    }

    @Test func aReviewNamesAnInvocationOnItsStream() throws {
        let code = "unknown-invocation"
        try given().when(.glassReviewed).then(.refused(code, .invalid, at: "/data/invocation"))
        try given([.glassBroken]).when(.glassReviewed.on(.access)).then(.refused(code, .invalid))
        try given([.glassBroken]).when(.glassReviewed.at(7)).then(.refused(code, .invalid))
        try given([.chartRead.id(Story.id(60))]).when(.glassReviewed).then(.refused(code, .invalid))
        try given([.glassBroken, .voided(Story.id(60)).on(Story.access)]).when(.glassReviewed).then(.refused(code, .invalid))
    }

    // MARK: Corrections

    /// Whoever broke the glass can't take it back; whoever made a disclosure can correct it.
    @Test func correctionsTakeARole() throws {
        let disclosure = Step.disclosed.id(Story.id(63))
        let scenario = try given([.glassBroken, disclosure])
        try scenario.when(.voided(Story.id(60)).on(Story.access), by: "fay").then(.refused("role-not-allowed", .forbidden))
        try scenario.when(.voided(Story.id(60)).on(Story.access), by: "cora").then(.unconditional)
        let better = disclosure.with("recipient", "Dr Mosse").data
        try scenario.when(.amended(disclosure.id, better).on(Story.access), by: "fay").then(.unconditional)
        try scenario.when(.amended(disclosure.id, better).on(Story.access), by: "nobody").then(.refused("actor-not-enrolled", .forbidden))
        #expect(try scenario.when(.amended(disclosure.id, better).on(Story.access), by: "fay").acceptance?.subjects == [Story.patient])
        let moved = disclosure.with("patient", .id(Story.id(77))).data
        try scenario.when(.amended(disclosure.id, moved).on(Story.access), by: "fay").then(
            .refused("amendment-changes-patient", .invalid, at: "/data/data/patient"))
    }

    @Test func theRecordsEventsStandElsewhere() throws {
        try given().when(.vitals.on(Story.access)).then(.refused("wrong-stream", .invalid, at: "/type"))
        try given().when(.note.on(Story.access)).then(.refused("wrong-stream", .invalid, at: "/type"))
        try given().when(.chartRead.on(Story.patient)).then(.refused("wrong-stream", .invalid, at: "/type"))
    }
}

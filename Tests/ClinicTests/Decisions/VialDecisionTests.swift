import Canonical
import Clinic
import Testing

/// A vial of 500 mg.
@Suite struct VialDecisionTests {
    private let other = Story.id(41)

    @Test func received() throws {
        for actor in ["nia", "dr.lin", "ada"] { try given(vial: []).when(.received, by: actor).then(.accepted) }
        try given(vial: []).when(.received, by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given().when(.received.at(0)).then(.refused("already-received", .conflict))
        let receipt = Step.received.id(Story.id(50))
        try given(vial: [receipt, .voided(receipt.id).on(Story.vial)]).when(.received).then(.accepted)
    }

    @Test(arguments: [Step.dispensed(), .returned(), .counted, .lost, .wasted()])
    func nothingIsDoneWithAnUnknownVial(_ step: Step) throws {
        try given(.arrived, vial: []).when(step).then(.refused("unknown-vial", .notFound))
        try given(.arrived).when(step).then(step.type == .drugWasted ? .unconditional : .accepted)
    }

    @Test(arguments: [Step.dispensed(), .returned(), .counted, .lost])
    func norBeforeItIsReceived(_ step: Step) throws {
        try given(.arrived, vial: [.received.at(10)]).when(step.at(9)).then(.refused("unknown-vial", .notFound))
        try given(.arrived, vial: [.received.at(10)]).when(step.at(10)).then(.accepted)
        try given(.arrived).when(step, by: "fay").then(.refused("role-not-allowed", .forbidden))
    }

    // MARK: Dispensing

    @Test func dispensedForTheSessionOfItsPatient() throws {
        try given().when(.dispensed()).then(.refused("unknown-session", .invalid, at: "/data/session"))
        try given([.booked]).when(.dispensed()).then(.accepted)
        try given(.arrived).when(.dispensed().with("session", .id(other))).then(.refused("unknown-session", .invalid, at: "/data/session"))
        try given(.arrived).when(.dispensed().with("patient", .id(other))).then(
            .refused("patient-mismatch", .conflict, at: "/data/patient"))
        let acceptance = try given(.arrived).when(.dispensed()).acceptance
        #expect(acceptance?.conditions.map(\.stream) == [.clinic, Story.session, Story.vial])
        #expect(acceptance?.subjects == [Story.session])
    }

    /// Bookkeeping of what is gone counts; waste doesn't, because it may be of what was drawn before.
    @Test func noMoreThanTheVialHolds() throws {
        try given(.arrived).when(.dispensed(500)).then(.accepted)
        try given(.arrived).when(.dispensed(500.001)).then(.refused("vial-exceeded", .conflict, at: "/data/drawn_mg"))
        func scenario(_ entries: Step...) throws -> Scenario { try given(.arrived, vial: [.received] + entries) }
        try scenario(.dispensed(300), .wasted(400)).when(.dispensed(200)).then(.accepted)
        try scenario(.dispensed(300)).when(.dispensed(200.001)).then(.refused("vial-exceeded", .conflict))
        try scenario(.returned(300), .lost).when(.dispensed(195).at(230)).then(.accepted)
        try scenario(.returned(300), .lost).when(.dispensed(195.001).at(230)).then(.refused("vial-exceeded", .conflict))
        try scenario(.dispensed(300)).when(.returned(200.001)).then(.refused("vial-exceeded", .conflict, at: "/data/amount_mg"))
        // A late entry takes from what is charted after it.
        try scenario(.dispensed(300).at(100)).when(.dispensed(201)).then(.refused("vial-exceeded", .conflict))
        try given(.arrived).when(.dispensed(300), .dispensed(201)).then(
            .refused("vial-exceeded", .conflict, at: "/events/1/data/drawn_mg"))
        // A loss and a count are found, not taken.
        try scenario(.dispensed(500)).when(.lost).then(.accepted)
        try scenario(.dispensed(500)).when(.counted).then(.accepted)
    }

    @Test func waste() throws {
        for actor in ["nia", "fay", "nobody"] { try given().when(.wasted(), by: actor).then(.unconditional) }
        try given().when(.wasted(100_000).with("session", .id(other)).with("witness", nil)).then(.unconditional)
        #expect(try given().when(.wasted().with("session", .id(other))).loaded == [Story.vial])
    }

    // MARK: The start

    @Test func aStartNamesAVialThatWasReceived() throws {
        try given(.ivIn, vial: []).when(.infusionStarted()).then(.refused("unknown-vial", .invalid, at: "/data/vial"))
        try given(.ivIn, vial: [.received.at(16)]).when(.infusionStarted()).then(.refused("unknown-vial", .invalid, at: "/data/vial"))
        try given(.ivIn, vial: [.received.at(15)]).when(.infusionStarted()).then(.accepted)
        try given(.ivIn).when(.infusionStarted().with("vial", .id(other))).then(.refused("unknown-vial", .invalid))
        #expect(try given(.ivIn).when(.infusionStarted()).acceptance?.subjects == [Story.vial])
    }

    /// The session is on June 1st, 14:15 UTC; where the day is the longest, May 31st ended at noon.
    @Test func anExpiredVialIsGated() throws {
        func scenario(_ day: JSON) throws -> Scenario { try given(.ivIn, vial: [.received.with("expires_on", day)]) }
        try scenario("2026-06-01").when(.infusionStarted()).then(.accepted)
        try scenario("2026-05-31").when(.infusionStarted()).then(.gate(.dose))
        try scenario("2026-05-31").when(.infusionStarted(), by: "dr.lin", overriding: "dose").then(.accepted)
        try given([.arrived.at(-200), .ivInserted.at(-190)], vial: [.received.with("expires_on", "2026-05-31")])
            .when(.infusionStarted().at(-121)).then(.accepted)
    }

    // MARK: The inventory

    @Test func anInventoryNamesKnownVials() throws {
        let second = Step.received.on(.vial(other))
        let scenario = try given(vial: [.received, second])
        try scenario.when(.inventory(Story.vialID, other)).then(.accepted)
        try scenario.when(.inventory()).then(.accepted)
        try scenario.when(.inventory(Story.vialID, Story.id(42))).then(.refused("unknown-vial", .invalid, at: "/data/lines/1/vial"))
        try scenario.when(.inventory(Story.vialID), by: "cora").then(.accepted)
        try scenario.when(.inventory(Story.vialID), by: "fay").then(.refused("role-not-allowed", .forbidden))
    }

    /// However many they are, they are asked for at once, and are no condition.
    @Test func anInventoryOfManyVialsIsOneRound() throws {
        let vials = (UInt8(100)...199).map(Story.id)
        let scenario = try given(vial: vials.map { Step.received.on(.vial($0)) })
        var step = Step.inventory()
        step.data = step.data.setting("/lines", to: .array(vials.map { ["vial": .id($0), "on_hand_mg": 500] }))
        let outcome = try scenario.when(step)
        outcome.then(.accepted)
        #expect(outcome.rounds == 2)
        #expect(outcome.acceptance?.conditions.map(\.stream) == [.clinic])
    }

    @Test func anInventoryIsNotInTheFuture() throws {
        var scenario = try given()
        scenario.now = Story.time(230)
        try scenario.when(.inventory().with("taken_at", .time(235))).then(.accepted)
        try scenario.when(.inventory().with("taken_at", .time(235.1))).then(
            .refused("taken-in-the-future", .invalid, at: "/data/taken_at"))
    }

    // MARK: Corrections

    @Test func anAmendmentMayMoveAnInfusionToAnotherVial() throws {
        let start = Step.infusionStarted().id(Story.id(84))
        let scenario = try given(.ivIn + [start], vial: [.received, .received.on(.vial(other))])
        let moved = Step.amended(start.id, start.with("vial", .id(other)).data)
        let outcome = try scenario.when(moved)
        outcome.then(.unconditional)
        #expect(outcome.acceptance?.subjects == [.vial(other)])
        // Amended again, by the amendment's id; and a voiding is about nothing but its target.
        let first = moved.id(Story.id(85))
        let amended = try given(.ivIn + [start, first])
        #expect(try amended.when(.amended(first.id, start.data)).acceptance?.subjects == [Story.vial])
        #expect(try amended.when(.voided(first.id)).acceptance?.subjects == [nil])
    }

    /// Whom the drug was drawn for may have been charted wrong; the rule D2 tells where it is.
    @Test func aDispensingMayBeAmended() throws {
        let drawn = Step.dispensed().id(Story.id(84))
        let scenario = try given(.arrived, vial: [.received, drawn])
        try scenario.when(.amended(drawn.id, drawn.with("drawn_mg", 60).data).on(Story.vial)).then(.unconditional)
        try scenario.when(.amended(drawn.id, drawn.with("patient", .id(other)).data).on(Story.vial)).then(.unconditional)
    }
}

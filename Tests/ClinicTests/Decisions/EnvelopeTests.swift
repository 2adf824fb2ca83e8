import Canonical
import Clinic
import Foundation
import Testing

@Suite struct EnvelopeTests {
    // MARK: Time

    @Test func clocksMayRunFiveMinutesAhead() throws {
        var scenario = try given(.infusing)
        scenario.now = Story.time(20)
        try scenario.when(.vitals.at(25)).then(.unconditional)
        try scenario.when(.vitals.at(25.001)).then(.refused("occurred-in-the-future", .invalid, at: "/occurred_at"))
        try scenario.when(.vitals, .vitals.at(26)).then(.refused("occurred-in-the-future", .invalid, at: "/events/1/occurred_at"))
    }

    @Test func chartedAtIsNotInTheFuture() throws {
        let scenario = try given(.infusing)
        func proposal(_ minute: Double) throws -> Proposal {
            let event = Proposal.Event(occurredAt: Story.time(20), body: try Step.vitals.body)
            return Proposal(stream: Story.session, actor: "nia", events: [event], chartedAt: Story.time(minute))
        }
        scenario.decide(try proposal(605)).then(.unconditional)
        scenario.decide(try proposal(606)).then(.refused("charted-in-the-future", .invalid, at: "/charted_at"))
    }

    // MARK: Shape

    @Test func eventsBelongOnTheirStreams() throws {
        try given().when(.vitals.on(Story.patient)).then(.refused("wrong-stream", .invalid, at: "/type"))
        try given().when(.registered.on(Story.session)).then(.refused("wrong-stream", .invalid, at: "/type"))
        try given().when(.note.on(.vial(Story.id(9)))).then(.refused("wrong-stream", .invalid, at: "/type"))
        try given(.infusing).when(.vitals, .consulted().on(Story.session)).then(.refused("wrong-stream", .invalid, at: "/events/1/type"))
    }

    @Test func actorsAreHandles() throws {
        try given(.infusing).when(.vitals, by: "").then(.refused("invalid-actor", .invalid, at: "/actor"))
        try given(.infusing).when(.vitals, by: "Nia Okafor").then(.refused("invalid-actor", .invalid, at: "/actor"))
    }

    @Test func somethingMustHappen() throws {
        let nothing = Proposal(stream: Story.session, actor: "nia", events: [])
        try given(.infusing).decide(nothing).then(.refused("no-events", .invalid, at: "/events"))
    }

    @Test func pointersFollowTheFormOfTheRequest() throws {
        try given(.infusing).when(.doseAdjusted(1, 2)).then(.refused("stale-rate", .conflict, at: "/data/from_rate_mg_per_h"))
        try given(.infusing).when(.doseAdjusted(1, 2), flat: false).then(
            .refused("stale-rate", .conflict, at: "/events/0/data/from_rate_mg_per_h"))
    }

    // MARK: Override

    @Test func anOverrideNamesAGateOfTheDomain() throws {
        try given(.infusing).when(.vitals, overriding: "gravity").then(.refused("override-unknown-gate", .invalid, at: "/override/gate"))
        try given(.infusing).when(.vitals, overriding: "recovery_time").then(.unconditional)
    }

    @Test(arguments: ["", "  \n", String(repeating: "x", count: 2001)])
    func anOverrideHasAReason(_ reason: String) throws {
        try given(.infusing).when(.vitals, overriding: "dose", because: reason).then(
            .refused("override-reason", .invalid, at: "/override/reason"))
    }

    /// Kept as the author's words, also where nothing fails and whoever wrote it.
    @Test func anOverrideThatIsNotNeededIsKept() throws {
        let outcome = try given(.recovered).when(.discharged, by: "nia", overriding: "driver", because: "Taxi.")
        #expect(outcome.acceptance?.override == Override(gate: .driver, reason: "Taxi."))
    }

    /// Whoever overrides must be a prescriber at that time.
    @Test func theOverriderIsAPrescriberThen() throws {
        let promoted = [Step].clinic + [.enrolled("nia", "prescriber", at: 100)]
        let scenario = try given(.stopped + [.recoveryScored(), .dischargeOrdered], clinic: promoted)
        try scenario.when(.discharged.at(99), by: "nia", overriding: "driver").then(.refused("override-needs-prescriber", .forbidden))
        try scenario.when(.discharged.at(100), by: "nia", overriding: "driver").then(.accepted)
    }

    // MARK: Streams and conditions

    @Test func asksOnlyForWhatItNeeds() throws {
        #expect(try given(.infusing).when(.vitals).loaded == [Story.session])
        #expect(try given(.infusing).when(.infusionStopped).loaded == [Story.session])
        #expect(try given(.infusing).when(.doseAdjusted(35, 30)).loaded == [Story.session, .clinic])
        #expect(try given(.infusing).when(.doseAdjusted(35, 40)).loaded == [Story.session, .clinic, Story.patient])
        #expect(try given().when(.consulted()).loaded == [Story.patient, .clinic])
    }

    @Test func conditionsAreOnWhatTheLogHolds() throws {
        let outcome = try given(.infusing).when(.vitals, .note, .doseAdjusted(35, 30), .doseAdjusted(30, 25).at(26))
        #expect(outcome.acceptance?.conditions.map(\.version) == [6, 4])
        #expect(outcome.acceptance?.subjects == [nil, nil, nil, nil])
    }

    @Test func allOrNothing() throws {
        try given(.infusing).when(.vitals, .vitals, .doseAdjusted(1, 2)).then(.refused("stale-rate", .conflict))
    }

    /// A repeated command is the log's to answer: state has moved on because of it.
    @Test func aRepeatedCommandPasses() throws {
        let command = Story.id(90)
        var scenario = try given(.recovered)
        try scenario.append(.discharged, command: command)
        let event = Proposal.Event(occurredAt: Story.time(90), body: try Step.discharged.body)
        let again = Proposal(stream: Story.session, actor: "nia", command: command, events: [event])
        scenario.decide(again).then(.unconditional)
        scenario.decide(Proposal(stream: Story.session, actor: "nia", events: [event])).then(.refused("already-discharged", .conflict))
    }
}

import Canonical
import Clinic
import Testing

@Suite struct InfusionDecisionTests {
    // MARK: Start

    @Test func started() throws {
        try given(.ivIn).when(.infusionStarted()).then(.accepted)
        try given(.ivIn).when(.infusionStarted(), by: "dr.lin").then(.accepted)
        try given(.ivIn).when(.infusionStarted(), by: "fay").then(.refused("role-not-allowed", .forbidden))
    }

    @Test func aStartNeedsAPatientAndALine() throws {
        try given([.booked, .ivInserted]).when(.infusionStarted()).then(.refused("not-arrived", .conflict))
        try given(.arrived).when(.infusionStarted()).then(.refused("no-iv-in", .conflict))
        try given(.ivIn + [.ivRemoved.at(14)]).when(.infusionStarted()).then(.refused("no-iv-in", .conflict))
    }

    @Test(arguments: [[Step].infusing, .paused])
    func noSecondStartWhileOneRuns(_ before: [Step]) throws {
        try given(before).when(.infusionStarted().at(30)).then(.refused("infusion-running", .conflict))
        try given(before + [.infusionStopped]).when(.infusionStarted().at(58)).then(.accepted)
    }

    @Test func noStartAfterTheDischarge() throws {
        try given(.discharged).when(.infusionStarted().at(95)).then(.refused("already-discharged", .conflict))
    }

    @Test func aStartNamesItsPrescriber() throws {
        try given(.ivIn).when(.infusionStarted().with("prescriber", "nobody")).then(
            .refused("unknown-staff", .invalid, at: "/data/prescriber"))
        try given(.ivIn).when(.infusionStarted().with("prescriber", "nia")).then(
            .refused("not-a-prescriber", .forbidden, at: "/data/prescriber"))
    }

    @Test func aStartDependsOnSessionPatientVialAndClinic() throws {
        let conditions = try given(.ivIn).when(.infusionStarted()).acceptance?.conditions
        #expect(conditions?.map(\.stream) == [.clinic, Story.patient, Story.session, Story.vial])
        #expect(conditions?.map(\.version) == [6, 4, 3, 1])
    }

    // MARK: Adjustment

    @Test func adjusted() throws {
        try given(.infusing).when(.doseAdjusted(35, 42)).then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 0)).then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 42), by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given(.infusing).when(.doseAdjusted(35, 30).with("ordered_by", "nia")).then(
            .refused("not-a-prescriber", .forbidden, at: "/data/ordered_by"))
        try given(.infusing).when(.doseAdjusted(35, 30).with("ordered_by", "gone")).then(
            .refused("unknown-staff", .invalid, at: "/data/ordered_by"))
    }

    @Test func anAdjustmentNeedsARunningInfusion() throws {
        try given(.ivIn).when(.doseAdjusted(35, 42)).then(.refused("no-infusion-running", .conflict))
        try given(.infusing).when(.doseAdjusted(35, 42).at(14)).then(.refused("no-infusion-running", .conflict))
        try given(.stopped).when(.doseAdjusted(35, 42).at(55)).then(.refused("no-infusion-running", .conflict))
        try given(.stopped).when(.doseAdjusted(35, 42).at(54)).then(.accepted)
    }

    @Test func anAdjustmentStartsFromTheRateInForce() throws {
        try given(.infusing).when(.doseAdjusted(30, 42)).then(.refused("stale-rate", .conflict, at: "/data/from_rate_mg_per_h"))
        try given(.infusing).when(.doseAdjusted(30, 0)).then(.refused("stale-rate", .conflict))
        try given(.paused).when(.doseAdjusted(35, 42).at(30)).then(.refused("stale-rate", .conflict))
        try given(.paused).when(.doseAdjusted(0, 35).at(30)).then(.accepted)
        try given(.infusing + [.doseAdjusted(35, 40)]).when(.doseAdjusted(40, 42).at(25)).then(.accepted)
        #expect(try given(.infusing).when(.doseAdjusted(30, 42)).refusal?.message.contains("35 mg/h") == true)
    }

    @Test func severalAdjustmentsInOneCommandBuildOnEachOther() throws {
        try given(.infusing).when(.doseAdjusted(35, 40), .doseAdjusted(40, 45).at(26), .vitals.at(27)).then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 40), .doseAdjusted(35, 45).at(26))
            .then(.refused("stale-rate", .conflict, at: "/events/1/data/from_rate_mg_per_h"))
        try given(.ivIn).when(.infusionStarted(), .doseAdjusted(35, 0), .infusionStopped).then(.accepted)
    }

    // MARK: Withdrawn consent

    @Test func afterWithdrawalOnlyDownwards() throws {
        let scenario = try given(.infusing, patient: .patient + [.consentWithdrawn(at: 20)])
        try scenario.when(.doseAdjusted(35, 36)).then(.gate(.consent))
        try scenario.when(.doseAdjusted(35, 34)).then(.accepted)
        try scenario.when(.doseAdjusted(35, 0)).then(.accepted)
        try scenario.when(.infusionStopped).then(.neverBlocked)
        try scenario.when(.vitals.at(25)).then(.unconditional)
        try scenario.when(.note).then(.unconditional)
        try scenario.when(.infusionStopped, .infusionStarted().at(56)).then(.gate(.consent))
    }

    @Test func afterWithdrawalTheDischargeStaysOpen() throws {
        try given(.recovered, patient: .patient + [.consentWithdrawn(at: 20)]).when(.discharged).then(.accepted)
    }

    // MARK: Stop

    @Test func stopped() throws {
        for actor in ["nia", "fay", "nobody"] {
            try given(.infusing).when(.infusionStopped, by: actor).then(.neverBlocked)
        }
        try given(.paused).when(.infusionStopped).then(.neverBlocked)
        try given(.ivIn).when(.infusionStopped).then(.refused("no-infusion-running", .conflict))
        try given(.stopped).when(.infusionStopped.at(56)).then(.refused("no-infusion-running", .conflict))
        try given(.infusing).when(.infusionStopped.at(14)).then(.refused("no-infusion-running", .conflict))
    }

    /// A late stop may contradict what is charted after it; stopping is never blocked.
    @Test func aLateStopIsTaken() throws {
        try given(.infusing + [.doseAdjusted(35, 40).at(40)]).when(.infusionStopped.at(30)).then(.neverBlocked)
    }

    // MARK: Late entries

    @Test func aLateAdjustmentKeepsTheChainWhole() throws {
        let later = Step.doseAdjusted(35, 50).at(40).id(Story.id(60))
        let scenario = try given(.infusing + [later])
        try scenario.when(.doseAdjusted(35, 42).at(30)).then(.refused("breaks-later-dose", .conflict, at: "/occurred_at"))
        #expect(try scenario.when(.doseAdjusted(35, 42).at(30)).refusal?.message.contains(later.id.lowercase) == true)
        // Up and down again between the two is whole.
        try scenario.when(.doseAdjusted(35, 42).at(30), .doseAdjusted(42, 35).at(32)).then(.accepted)
        try scenario.when(.doseAdjusted(35, 42).at(30), .doseAdjusted(42, 36).at(32))
            .then(.refused("breaks-later-dose", .conflict, at: "/events/1/occurred_at"))
        try scenario.when(.doseAdjusted(50, 42).at(41)).then(.accepted)
    }

    @Test func aLateStartKeepsTheChainWhole() throws {
        let scenario = try given(.ivIn + [.infusionStarted().at(40)])
        try scenario.when(.infusionStarted().at(20)).then(.refused("infusion-later", .conflict, at: "/occurred_at"))
        try scenario.when(.infusionStarted().at(20), .infusionStopped.at(30)).then(.accepted)
        try scenario.when(.infusionStarted().at(20), .infusionStopped.at(41)).then(.refused("infusion-later", .conflict))
    }

    /// Judged in the order given: what is dated before an event of the same command comes before it there, too.
    @Test func aCommandIsJudgedInItsOwnOrder() throws {
        try given(.ivIn).when(.doseAdjusted(35, 40), .infusionStarted()).then(.refused("no-infusion-running", .conflict))
        try given(.infusing).when(.doseAdjusted(35, 40).at(30), .doseAdjusted(35, 38).at(28))
            .then(.refused("breaks-later-dose", .conflict, at: "/events/1/occurred_at"))
    }
}

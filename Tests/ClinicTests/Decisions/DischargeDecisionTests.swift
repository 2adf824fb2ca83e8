import Canonical
import Clinic
import Testing

@Suite struct DischargeDecisionTests {
    // MARK: Before it

    @Test(arguments: [Step.recoveryScored(), .driver, .dischargeOrdered])
    func preparations(_ step: Step) throws {
        try given(.stopped).when(step).then(.accepted)
        try given(.stopped).when(step, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given(.discharged).when(step.at(90)).then(.refused("already-discharged", .conflict))
        try given(.discharged).when(step.at(89)).then(.accepted)
    }

    @Test func whoMayPrepare() throws {
        try given(.stopped).when(.recoveryScored(), by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given(.stopped).when(.dischargeOrdered, by: "nia").then(.refused("role-not-allowed", .forbidden))
        try given(.stopped).when(.driver, by: "nia").then(.accepted)
        try given(.stopped).when(.dischargeOrdered.with("by", "nia")).then(.refused("not-a-prescriber", .forbidden, at: "/data/by"))
        try given([.booked]).when(.recoveryScored()).then(.refused("not-arrived", .conflict))
        // A driver is expected before anyone arrives.
        try given([.booked]).when(.driver.at(-10).with("stage", "expected")).then(.accepted)
    }

    // MARK: Discharged

    @Test func discharged() throws {
        try given(.recovered).when(.discharged).then(.accepted)
        try given(.recovered).when(.discharged, by: "fay").then(.refused("role-not-allowed", .forbidden))
        try given(.discharged).when(.discharged.at(95)).then(.refused("already-discharged", .conflict))
        try given(.discharged).when(.discharged.at(89)).then(.refused("already-discharged", .conflict))
        try given([.booked]).when(.discharged).then(.refused("not-arrived", .conflict))
    }

    @Test func noDischargeWhileAnInfusionRuns() throws {
        try given(.infusing).when(.discharged).then(.refused("infusion-running", .conflict))
        try given(.paused).when(.discharged).then(.refused("infusion-running", .conflict))
        try given(.infusing).when(
            .infusionStopped, .ivRemoved, .recoveryScored(), .driver, .dischargeOrdered, .discharged, by: "dr.lin"
        ).then(.accepted)
        try given(.recovered + [.infusionStarted().at(89)]).when(.discharged.at(88)).then(
            .refused("infusion-later", .conflict, at: "/occurred_at"))
    }

    @Test func scoreGate() throws {
        func scenario(_ scores: Step..., clinic: [Step] = .clinic) throws -> Scenario {
            try given(.stopped + scores + [.driver, .dischargeOrdered], clinic: clinic)
        }
        try scenario(.recoveryScored(9)).when(.discharged).then(.accepted)
        try scenario(.recoveryScored(8)).when(.discharged).then(.gate(.score))
        try scenario().when(.discharged).then(.gate(.score))
        try scenario(.recoveryScored(8).at(80), .recoveryScored(10)).when(.discharged).then(.accepted)
        try scenario(.recoveryScored(10).at(80), .recoveryScored(8)).when(.discharged).then(.gate(.score))
        try scenario(.recoveryScored(10).at(91)).when(.discharged).then(.gate(.score))
        try scenario(.recoveryScored(8)).when(.discharged, by: "dr.lin", overriding: "score").then(.accepted)
        try scenario(.recoveryScored(8)).when(.discharged, overriding: "score").then(.refused("override-needs-prescriber", .forbidden))
        let stricter = [Step].clinic + [.policyAdopted(effective: 30).with("recovery_score_min", 10)]
        try scenario(.recoveryScored(9), clinic: stricter).when(.discharged).then(.gate(.score))
        try scenario(.recoveryScored(10), clinic: stricter).when(.discharged).then(.accepted)
        let later = [Step].clinic + [.policyAdopted(effective: 91).with("recovery_score_min", 10)]
        try scenario(.recoveryScored(9), clinic: later).when(.discharged).then(.accepted)
    }

    @Test func driverGate() throws {
        func scenario(_ drivers: Step...) throws -> Scenario {
            try given(.stopped + [.recoveryScored(), .dischargeOrdered] + drivers)
        }
        try scenario(.driver).when(.discharged).then(.accepted)
        try scenario().when(.discharged).then(.gate(.driver))
        try scenario(.driver.with("adult", false)).when(.discharged).then(.gate(.driver))
        try scenario(.driver.with("stage", "expected")).when(.discharged).then(.gate(.driver))
        try scenario(.driver.at(91)).when(.discharged).then(.gate(.driver))
        try scenario(.driver.with("adult", false), .driver.at(89)).when(.discharged).then(.accepted)
        try scenario(.exempted).when(.discharged).then(.accepted)
        try scenario(.exempted.at(91)).when(.discharged).then(.gate(.driver))
        try scenario().when(.discharged, by: "dr.lin", overriding: "driver").then(.accepted)
        try scenario().when(.discharged, by: "nia", overriding: "driver").then(.refused("override-needs-prescriber", .forbidden))
        try scenario().when(.discharged, by: "dr.lin", overriding: "score").then(.gate(.driver))
    }

    @Test func dischargeDependsOnSessionAndClinic() throws {
        #expect(try given(.recovered).when(.discharged).acceptance?.conditions.map(\.stream) == [.clinic, Story.session])
    }

    // MARK: Side effects

    @Test func sideEffectResolved() throws {
        let scenario = try given(.infusing + [.sideEffect])
        try scenario.when(.sideEffectResolved).then(.accepted)
        try scenario.when(.sideEffectResolved, by: "fay").then(.refused("role-not-allowed", .forbidden))
        try scenario.when(.sideEffectResolved.at(29)).then(.refused("unknown-observation", .invalid, at: "/data/observed"))
        try scenario.when(.sideEffectResolved.with("observed", .id(Story.id(99)))).then(
            .refused("unknown-observation", .invalid, at: "/data/observed"))
        try scenario.when(.sideEffectResolved.with("effect", "vomiting")).then(.refused("effect-mismatch", .invalid, at: "/data/effect"))
        try given(.infusing).when(.sideEffect, .sideEffectResolved).then(.accepted)
    }

    @Test func aSideEffectIsResolvedOnce() throws {
        let resolved = Step.sideEffectResolved.id(Story.id(70))
        let scenario = try given(.infusing + [.sideEffect, resolved])
        try scenario.when(.sideEffectResolved.at(50)).then(.refused("already-resolved", .conflict, at: "/data/observed"))
        try scenario.when(.sideEffectResolved.at(40)).then(.refused("already-resolved", .conflict))
        try given(.infusing + [.sideEffect, resolved, .voided(resolved.id)]).when(.sideEffectResolved.at(50)).then(.accepted)
        try given(.infusing + [.sideEffect, .voided(Story.id(20))]).when(.sideEffectResolved).then(
            .refused("unknown-observation", .invalid))
        try given(.discharged + [.sideEffect]).when(.sideEffectResolved.at(95)).then(.refused("already-discharged", .conflict))
    }
}

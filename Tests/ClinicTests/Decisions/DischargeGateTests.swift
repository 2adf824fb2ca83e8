import Canonical
import Clinic
import Testing

/// What must hold before a patient goes home, beside the score and the driver.
@Suite struct DischargeGateTests {
    /// Sent home without an infusion: nothing to recover from, but no line and no severe side effect may be left.
    @Test func withoutAnInfusion() throws {
        try given(.arrived).when(.discharged).then(.accepted)
        try given(.ivIn + [.ivRemoved]).when(.discharged).then(.accepted)
        try given(.ivIn).when(.discharged).then(.gate(.ivIn))
        try given(.arrived + [.sideEffect.with("grade", 3)]).when(.discharged).then(.gate(.sideEffectOpen))
    }

    @Test func order() throws {
        let scenario = try given(.stopped + [.recoveryScored(), .driver])
        try scenario.when(.discharged).then(.gate(.order))
        try scenario.when(.discharged, by: "dr.lin", overriding: "order").then(.accepted)
        try scenario.when(.dischargeOrdered, .discharged, by: "dr.lin").then(.accepted)
        try given(.stopped + [.recoveryScored(), .driver, .dischargeOrdered.at(91)]).when(.discharged).then(.gate(.order))
        // An amendment may name anybody; only a prescriber's order opens the gate.
        let order = Step.dischargeOrdered.id(Story.id(71))
        let amended = Step.amended(order.id, ["by": "nia"], at: 87)
        try given(.stopped + [.recoveryScored(), .driver, order, amended]).when(.discharged).then(.gate(.order))
    }

    @Test func recoveryTime() throws {
        try given(.recovered).when(.discharged.at(86)).then(.accepted)
        let early: [Step] = [.recoveryScored().at(61), .driver.at(62), .dischargeOrdered.at(63)]
        try given(.stopped + early).when(.discharged.at(84.999)).then(.gate(.recoveryTime))
        try given(.stopped + early).when(.discharged.at(85)).then(.accepted)
        try given(.stopped + early).when(.discharged.at(70), by: "dr.lin", overriding: "recovery_time").then(.accepted)
        let shorter = [Step].clinic + [.policyAdopted().with("recovery_min", 10)]
        try given(.stopped + early, clinic: shorter).when(.discharged.at(65)).then(.accepted)
        // The last of several infusions counts.
        let second: [Step] = [.infusionStopped, .infusionStarted().at(56), .infusionStopped.at(59), .ivRemoved]
        try given(.infusing + second + early).when(.discharged.at(88.999)).then(.gate(.recoveryTime))
        try given(.infusing + second + early).when(.discharged.at(89)).then(.accepted)
    }

    @Test func ivIn() throws {
        let scenario = try given([Step].recovered.filter { $0.type != .ivRemoved })
        try scenario.when(.discharged).then(.gate(.ivIn))
        try scenario.when(.discharged, by: "dr.lin", overriding: "iv_in").then(.accepted)
        try scenario.when(.ivRemoved.at(88), .discharged).then(.accepted)
        try given(.recovered + [.ivInserted.at(70).with("side", "right")]).when(.discharged).then(.gate(.ivIn))
    }

    @Test func sideEffectOpen() throws {
        func scenario(_ grade: Int, _ more: Step...) throws -> Scenario {
            try given(.recovered + [.sideEffect.with("grade", .number(JSONNumber(grade)))] + more)
        }
        try scenario(2).when(.discharged).then(.accepted)
        for grade in 3...5 { try scenario(grade).when(.discharged).then(.gate(.sideEffectOpen)) }
        try scenario(3, .sideEffectResolved).when(.discharged).then(.accepted)
        try scenario(3, .sideEffectResolved.at(91)).when(.discharged).then(.gate(.sideEffectOpen))
        try scenario(3).when(.discharged, by: "dr.lin", overriding: "side_effect_open").then(.accepted)
    }

    /// Each of several gates is opened by an event of its own; any event of the session may carry the override.
    @Test func severalGatesByAsManyEvents() throws {
        var scenario = try given(.stopped + [.recoveryScored(), .dischargeOrdered, .sideEffect.with("grade", 3)])
        try scenario.when(.discharged, by: "dr.lin", overriding: "driver").then(.gate(.sideEffectOpen))
        var note = Step.note.at(88).by("dr.lin")
        note.override = Override(gate: .sideEffectOpen, reason: "Seen.")
        try scenario.append(note)
        try scenario.when(.discharged, by: "dr.lin", overriding: "driver").then(.accepted)
        try scenario.when(.discharged.at(87), by: "dr.lin", overriding: "driver").then(.gate(.sideEffectOpen))
        try scenario.when(.discharged).then(.gate(.driver))
    }
}

import Canonical
import Clinic
import Testing

/// Contraindications and fasting, and how far an override reaches.
@Suite struct SafetyGateTests {
    /// A new dose, or the line for one, with what precedes it.
    private static let steps: [(before: [Step], step: Step)] = [
        (.arrived, .ivInserted), (.ivIn, .infusionStarted()), (.infusing, .doseAdjusted(35, 42)), (.infusing, .bolus()),
    ]

    private func patient(_ more: Step...) -> [Step] { [.registered, .planned(), .consentSigned()] + more }

    // MARK: Contraindication

    @Test func aPresentContraindicationStops() throws {
        for (before, step) in Self.steps {
            for status in ["absent", "controlled"] {
                try given(before, patient: patient(.contraindicated(status))).when(step).then(.accepted)
            }
            try given(before, patient: patient(.contraindicated())).when(step).then(.gate(.contraindication))
            // The last consultation by then.
            try given(before, patient: patient(.contraindicated(), .consulted(at: 1))).when(step).then(.accepted)
            try given(before, patient: patient(.consulted(), .contraindicated(at: 1))).when(step).then(.gate(.contraindication))
            try given(before, patient: patient(.consulted(), .contraindicated(at: step.minute + 1))).when(step).then(.accepted)
            try given(before, patient: patient(.contraindicated())).when(step, by: "dr.lin", overriding: "contraindication").then(.accepted)
            try given(before, patient: patient(.contraindicated())).when(step, overriding: "contraindication").then(
                .refused("override-needs-prescriber", .forbidden, at: "/override"))
        }
    }

    @Test func soDoesAPositivePregnancyTest() throws {
        func tested(_ results: String...) -> [Step] {
            results.enumerated().map { .assessed.at(5 + Double($0)).with("pregnancy_test", .string($1)) }
        }
        for (before, step) in Self.steps {
            for result in ["negative", "not_applicable", "declined"] { try given(before + tested(result)).when(step).then(.accepted) }
            try given(before + tested("positive")).when(step).then(.gate(.contraindication))
            // An assessment without a test says nothing about it; a repeated test does.
            try given(before + tested("positive") + [.assessed.at(9)]).when(step).then(.gate(.contraindication))
            try given(before + tested("positive", "negative")).when(step).then(.accepted)
            try given(before + tested("negative", "positive")).when(step).then(.gate(.contraindication))
        }
    }

    @Test func whatLowersTheDoseStaysOpen() throws {
        let scenario = try given(.infusing, patient: patient(.contraindicated()))
        try scenario.when(.doseAdjusted(35, 30)).then(.accepted)
        try scenario.when(.infusionStopped).then(.neverBlocked)
    }

    // MARK: Fasting

    @Test(arguments: [("last_clear_liquid_at", 120.0), ("last_light_meal_at", 360.0), ("last_heavy_meal_at", 480.0)])
    func fasting(_ field: String, _ minutes: Double) throws {
        func scenario(_ minute: Double) throws -> Scenario {
            try given([.booked, .arrived.with(field, .time(minute)), .ivInserted])
        }
        try scenario(15 - minutes).when(.infusionStarted()).then(.accepted)
        try scenario(15.001 - minutes).when(.infusionStarted()).then(.gate(.fasting))
        try scenario(15.001 - minutes).when(.infusionStarted(), by: "dr.lin", overriding: "fasting").then(.accepted)
        // Only the start waits for it.
        try given([.booked, .arrived.with(field, .time(0))]).when(.ivInserted).then(.accepted)
        try given([.booked, .arrived.with(field, .time(0)), .ivInserted, .infusionStarted()]).when(.doseAdjusted(35, 42)).then(.accepted)
        #expect(try scenario(0).when(.infusionStarted()).refusal?.message.contains("\(Int(minutes) / 60) h") == true)
    }

    // MARK: Overrides

    private func overriding(_ gate: Gate, _ step: Step) -> Step {
        var step = step
        step.override = Override(gate: gate, reason: "Seen.")
        return step
    }

    @Test func anOverrideStandsForTheRestOfTheSession() throws {
        let inserted = overriding(.candidacy, .ivInserted.by("dr.lin"))
        let scenario = try given(.arrived + [inserted], patient: patient())
        try scenario.when(.infusionStarted()).then(.accepted)
        try scenario.when(.infusionStarted().at(9)).then(.refused("no-iv-in", .conflict))
        // Not for another session, and not where its author was no prescriber.
        try given(.arrived + [overriding(.candidacy, .ivInserted)], patient: patient()).when(.infusionStarted()).then(.gate(.candidacy))
        let voided = inserted.id(Story.id(70))
        let more: [Step] = [voided, .voided(voided.id), .ivInserted.at(11)]
        try given(.arrived + more, patient: patient()).when(.infusionStarted()).then(.gate(.candidacy))
    }

    /// Any event of the session may carry one, so that two gates are opened by two events.
    @Test func aNoteMayCarryIt() throws {
        let note = overriding(.candidacy, .note.at(9).by("dr.lin"))
        let unready: [Step] = [.registered, .planned()]
        try given(.arrived + [note], patient: unready).when(.ivInserted, by: "dr.lin", overriding: "consent").then(.accepted)
        try given(.arrived + [note], patient: unready).when(.ivInserted).then(.gate(.consent))
        try given(.arrived + [note.at(11)], patient: unready).when(.ivInserted, by: "dr.lin", overriding: "consent").then(.gate(.candidacy))
        // Somebody else's event may need nothing but what stands.
        try given(.arrived + [note], patient: patient()).when(.ivInserted, by: "nia", overriding: "candidacy").then(.accepted)
    }

    @Test func anOverrideOfTheDoseIsForItsOrderOnly() throws {
        let start = overriding(.dose, .infusionStarted(71).by("dr.lin"))
        try given(.ivIn + [start]).when(.doseAdjusted(71, 72)).then(.gate(.dose))
        try given(.ivIn + [start]).when(.doseAdjusted(71, 72), by: "dr.lin", overriding: "dose").then(.accepted)
        // The bolus is an order of its own: what the rate was overridden to doesn't stop it.
        try given(.ivIn + [start]).when(.bolus()).then(.accepted)
    }

    @Test func anOverrideOfConsentFallsWithAWithdrawal() throws {
        let unsigned = [Step].patient.filter { $0.type != .consentSigned }
        let inserted = overriding(.consent, .ivInserted.by("dr.lin"))
        try given(.arrived + [inserted], patient: unsigned).when(.infusionStarted()).then(.accepted)
        try given(.arrived + [inserted], patient: unsigned + [.consentWithdrawn(at: 9)]).when(.infusionStarted()).then(.accepted)
        let withdrawn = unsigned + [.consentWithdrawn(at: 12)]
        try given(.arrived + [inserted], patient: withdrawn).when(.infusionStarted()).then(.gate(.consent))
        try given(.arrived + [inserted], patient: withdrawn).when(.infusionStarted(), by: "dr.lin", overriding: "consent").then(.accepted)
    }
}

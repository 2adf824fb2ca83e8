import Canonical
import Clinic
import Testing

/// 70 kg, a plan of at most 1 mg/kg, 1 mg/kg/h, and 0.2 mg/kg as a bolus: 70 mg, 70 mg/h, 14 mg.
@Suite struct DoseGateTests {
    private let overBound = "dose-out-of-bounds"

    @Test func rateWithinThePlan() throws {
        try given(.ivIn).when(.infusionStarted(70)).then(.accepted)
        try given(.ivIn).when(.infusionStarted(70.001)).then(.gate(.dose))
        try given(.ivIn).when(.infusionStarted(70.001), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(.ivIn).when(.infusionStarted(70.001), overriding: "dose").then(.refused("override-needs-prescriber", .forbidden))
        try given(.ivIn + [.infusionStarted(60)]).when(.doseAdjusted(60, 70)).then(.accepted)
        try given(.ivIn + [.infusionStarted(60)]).when(.doseAdjusted(60, 70.001)).then(.gate(.dose))
        try given(.ivIn + [.infusionStarted(60)]).when(.doseAdjusted(60, 70.001), by: "dr.lin", overriding: "dose").then(.accepted)
    }

    @Test func noOverridePassesTheHardBounds() throws {
        try given(.ivIn).when(.infusionStarted(140), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(.ivIn).when(.infusionStarted(140.001), by: "dr.lin", overriding: "dose").then(
            .refused(overBound, .invalid, at: "/data/rate_mg_per_h"))
        try given(.ivIn).when(.infusionStarted(35, bolus: 70), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(.ivIn).when(.infusionStarted(35, bolus: 70.001), by: "dr.lin", overriding: "dose").then(
            .refused(overBound, .invalid, at: "/data/bolus_mg"))
        try given(.infusing).when(.doseAdjusted(35, 140), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 140.001), by: "dr.lin", overriding: "dose").then(
            .refused(overBound, .invalid, at: "/data/to_rate_mg_per_h"))
    }

    @Test func boundsFollowTheWeight() throws {
        let light: [Step] = [.booked, .arrived.with("weight_kg", .decimal(40.5)), .ivInserted]
        try given(light).when(.infusionStarted(40.5)).then(.accepted)
        try given(light).when(.infusionStarted(40.501)).then(.gate(.dose))
        try given(light).when(.infusionStarted(81.001)).then(.refused(overBound, .invalid))
    }

    @Test func aStepIsAtMostThreeTenths() throws {
        try given(.infusing).when(.doseAdjusted(35, 56)).then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 56.001)).then(.gate(.dose))
        try given(.infusing).when(.doseAdjusted(35, 56.001), by: "dr.lin", overriding: "dose").then(.accepted)
        // Downwards any step is open.
        try given(.ivIn + [.infusionStarted(70)]).when(.doseAdjusted(70, 1)).then(.accepted)
    }

    /// A start is no step, and a resumption is measured from the rate before the pause.
    @Test func aPauseIsNoDoseToClimbFrom() throws {
        try given(.paused).when(.doseAdjusted(0, 35).at(30)).then(.accepted)
        try given(.paused).when(.doseAdjusted(0, 56).at(30)).then(.accepted)
        try given(.paused).when(.doseAdjusted(0, 56.001).at(30)).then(.gate(.dose))
    }

    @Test func bolusWithinThePlan() throws {
        try given(.ivIn).when(.infusionStarted(35, bolus: 14)).then(.accepted)
        try given(.ivIn).when(.infusionStarted(35, bolus: 14.001)).then(.gate(.dose))
        try given(.ivIn).when(.infusionStarted(35, bolus: 14.001), by: "dr.lin", overriding: "dose").then(.accepted)
        let without: [Step] = [.registered, .consulted(), .planned().with("bolus_max_mg_per_kg", nil), .consentSigned()]
        try given(.ivIn, patient: without).when(.infusionStarted(35, bolus: 1)).then(.gate(.dose))
        try given(.ivIn, patient: without).when(.infusionStarted(35)).then(.accepted)
    }

    // MARK: What has been given

    /// 35 mg/h for 120 minutes are 70 mg, the plan's whole dose.
    @Test func noRaiseOnceAllIsGiven() throws {
        try given(.infusing).when(.doseAdjusted(35, 36).at(134.999)).then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 36).at(135)).then(.gate(.dose))
        try given(.infusing).when(.doseAdjusted(35, 36).at(135), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(.infusing).when(.doseAdjusted(35, 34).at(135)).then(.accepted)
    }

    @Test func runsAddUp() throws {
        let first = [Step].infusing + [.infusionStopped.at(105)]  // 52.5 mg
        try given(first).when(.infusionStarted(35).at(110)).then(.accepted)
        try given(first).when(.infusionStarted(35, bolus: 14).at(110)).then(.accepted)
        let second = first + [.infusionStarted(35, bolus: 14).at(110), .infusionStopped.at(112)]  // 67.667 mg
        try given(second).when(.infusionStarted(35, bolus: 2).at(120)).then(.accepted)
        try given(second).when(.infusionStarted(35, bolus: 3).at(120)).then(.gate(.dose))
        try given(second + [.infusionStarted().at(115), .infusionStopped.at(119)]).when(.infusionStarted(1).at(120)).then(.gate(.dose))
    }

    // MARK: The plan in force

    @Test func noPlanNoDose() throws {
        let unplanned: [Step] = [.registered, .consulted(), .consentSigned()]
        let walkIn: [Step] = [.arrived, .ivInserted]
        try given(walkIn, patient: unplanned).when(.infusionStarted()).then(.gate(.dose))
        try given(walkIn, patient: unplanned).when(.infusionStarted(), by: "dr.lin", overriding: "dose").then(.accepted)
        try given(walkIn, patient: unplanned + [.planned(at: 15)]).when(.infusionStarted()).then(.accepted)
        try given(walkIn, patient: unplanned + [.planned(at: 16)]).when(.infusionStarted()).then(.gate(.dose))
    }

    @Test func theBookedPlanOrElseTheLatest() throws {
        let lower = Step.planned(Story.id(31), at: 5).with("max_rate_mg_per_kg_per_h", .decimal(0.2))
        try given(.ivIn, patient: .patient + [lower]).when(.infusionStarted()).then(.accepted)
        try given([.arrived, .ivInserted], patient: .patient + [lower]).when(.infusionStarted()).then(.gate(.dose))
        let unnamed: [Step] = [.booked.with("plan", nil), .arrived, .ivInserted]
        try given(unnamed, patient: .patient + [lower]).when(.infusionStarted()).then(.gate(.dose))
    }
}

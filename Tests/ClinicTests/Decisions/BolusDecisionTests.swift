import Canonical
import Clinic
import Testing

/// 70 kg: at most 70 mg ever, 14 mg by the plan, 70 mg in all.
@Suite struct BolusDecisionTests {
    @Test func given() throws {
        try ClinicTests.given(.infusing).when(.bolus()).then(.accepted)
        try ClinicTests.given(.paused).when(.bolus().at(30)).then(.accepted)
        try ClinicTests.given(.infusing).when(.bolus(), by: "fay").then(.refused("role-not-allowed", .forbidden))
        try ClinicTests.given(.infusing).when(.bolus().with("ordered_by", "nia")).then(
            .refused("not-a-prescriber", .forbidden, at: "/data/ordered_by"))
        try ClinicTests.given(.infusing).when(.bolus().with("ordered_by", "gone")).then(
            .refused("unknown-staff", .invalid, at: "/data/ordered_by"))
    }

    @Test func aBolusNeedsARunningInfusion() throws {
        try ClinicTests.given(.ivIn).when(.bolus()).then(.refused("no-infusion-running", .conflict))
        try ClinicTests.given(.infusing).when(.bolus().at(14)).then(.refused("no-infusion-running", .conflict))
        try ClinicTests.given(.stopped).when(.bolus().at(55)).then(.refused("no-infusion-running", .conflict))
        try ClinicTests.given(.discharged).when(.bolus().at(54)).then(.accepted)
        try ClinicTests.given(.discharged).when(.bolus().at(95)).then(.refused("already-discharged", .conflict))
    }

    @Test func bounds() throws {
        try ClinicTests.given(.infusing).when(.bolus(14)).then(.accepted)
        try ClinicTests.given(.infusing).when(.bolus(14.001)).then(.gate(.dose))
        try ClinicTests.given(.infusing).when(.bolus(14.001), by: "dr.lin", overriding: "dose").then(.accepted)
        try ClinicTests.given(.infusing).when(.bolus(70), by: "dr.lin", overriding: "dose").then(.accepted)
        try ClinicTests.given(.infusing).when(.bolus(70.001), by: "dr.lin", overriding: "dose").then(
            .refused("dose-out-of-bounds", .invalid, at: "/data/dose_mg"))
    }

    /// 35 mg/h for 102 minutes are 59.5 mg; with 10.5 mg the plan's 70 mg are full.
    @Test func theSumCounts() throws {
        try ClinicTests.given(.infusing).when(.bolus(10.5).at(117)).then(.accepted)
        try ClinicTests.given(.infusing).when(.bolus(10.501).at(117)).then(.gate(.dose))
        let earlier = [Step].infusing + [.bolus(10)]
        try ClinicTests.given(earlier).when(.bolus(0.5).at(117)).then(.accepted)
        try ClinicTests.given(earlier).when(.bolus(0.501).at(117)).then(.gate(.dose))
        try ClinicTests.given(earlier).when(.doseAdjusted(35, 36).at(117.9)).then(.gate(.dose))
    }

    @Test func candidacyAndConsent() throws {
        let notNow = [Step].patient + [.consulted("not_candidate", at: 20)]
        try ClinicTests.given(.infusing, patient: notNow).when(.bolus()).then(.gate(.candidacy))
        try ClinicTests.given(.infusing, patient: notNow).when(.doseAdjusted(35, 36)).then(.gate(.candidacy))
        try ClinicTests.given(.infusing, patient: .patient + [.consentWithdrawn(at: 20)]).when(.bolus()).then(.gate(.consent))
    }
}

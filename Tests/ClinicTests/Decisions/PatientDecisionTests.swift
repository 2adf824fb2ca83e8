import Canonical
import Clinic
import Testing

@Suite struct PatientDecisionTests {
    @Test func registered() throws {
        try given(patient: []).when(.registered).then(.accepted)
        try given(patient: []).when(.registered, by: "nia").then(.accepted)
        try given(patient: []).when(.registered, by: "dr.lin").then(.accepted)
        try given(patient: []).when(.registered, by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given().when(.registered.at(0)).then(.refused("already-registered", .conflict))
    }

    @Test(arguments: [Step.consulted(), .planned(), .consentSigned(), .consentWithdrawn(at: 0), .note.on(Story.patient)])
    func nothingPrecedesRegistration(_ step: Step) throws {
        try given(patient: []).when(step).then(.refused("unknown-patient", .notFound))
    }

    @Test func registrationAndTheRestInOneCommand() throws {
        try given(patient: []).when(.registered, .consulted(), .planned(), .consentSigned(), by: "dr.lin").then(.accepted)
    }

    @Test(arguments: [Step.consulted(), .planned(Story.id(30))])
    func medicalDecisionsAreThePrescribers(_ step: Step) throws {
        try given().when(step).then(.accepted)
        for actor in ["nia", "fay", "cora", "ada"] {
            try given().when(step, by: actor).then(.refused("role-not-allowed", .forbidden))
        }
    }

    @Test(arguments: [Step.consentSigned(), .consentWithdrawn(at: 0)])
    func consentIsTakenByNursesAndPrescribers(_ step: Step) throws {
        try given().when(step, by: "nia").then(.accepted)
        try given().when(step, by: "dr.lin").then(.accepted)
        try given().when(step, by: "fay").then(.refused("role-not-allowed", .forbidden))
    }

    @Test func aPlanIsNewAndPrescribed() throws {
        try given().when(.planned().at(0)).then(.refused("plan-exists", .conflict, at: "/data/plan"))
        try given().when(.planned(Story.id(30)).with("prescriber", "nobody")).then(
            .refused("unknown-staff", .invalid, at: "/data/prescriber"))
        try given().when(.planned(Story.id(30)).with("prescriber", "nia")).then(
            .refused("not-a-prescriber", .forbidden, at: "/data/prescriber"))
    }

    // MARK: Consent

    @Test func consentNamesAPublishedForm() throws {
        try given().when(.consentSigned().with("form", "other")).then(.refused("unknown-form", .invalid, at: "/data/form"))
        try given().when(.consentSigned("2")).then(.refused("unknown-form", .invalid, at: "/data/form_version"))
        try given(clinic: .clinic + [.formPublished("2", at: 10)]).when(.consentSigned("2", at: 9))
            .then(.refused("unknown-form", .invalid, at: "/data/form_version"))
        try given(clinic: .clinic + [.formPublished("2", at: 10)]).when(.consentSigned("2", at: 10)).then(.accepted)
    }

    @Test func consentCarriesTheDigestOfTheText() throws {
        let other = String(repeating: "0", count: 64)
        try given().when(.consentSigned(digest: other)).then(.refused("digest-mismatch", .invalid, at: "/data/form_digest"))
        try given().when(.consentSigned(digest: Story.formDigest.uppercased())).then(.accepted)
    }

    /// Signing an older version is recorded; whether it is in force is for the gate.
    @Test func anOlderVersionMayBeSigned() throws {
        try given(clinic: .clinic + [.formPublished("2", text: "New.", at: -1)]).when(.consentSigned("1", at: 0)).then(.accepted)
    }

    @Test func aSignatureIsNotInTheFuture() throws {
        var scenario = try given()
        scenario.now = Story.start
        try scenario.when(.consentSigned(at: 0).with("signed_at", .time(5))).then(.accepted)
        try scenario.when(.consentSigned(at: 0).with("signed_at", .time(5.1))).then(
            .refused("signed-in-the-future", .invalid, at: "/data/signed_at"))
    }

    @Test func aNoIsRecordedEvenWithoutAYes() throws {
        try given(patient: [.registered]).when(.consentWithdrawn(at: 0)).then(.accepted)
    }
}

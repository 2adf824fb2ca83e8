import Canonical
import Clinic
import Testing

/// Who must have signed what, at a door where people sign.
@Suite struct SignatureDecisionTests {
    private func signature(_ staff: String, _ meaning: Signature.Meaning, name: String? = nil) -> Signature {
        Signature(staff: staff, name: name ?? "Name of \(staff)", at: Story.now, meaning: meaning, method: .password)
    }

    private var missing: Outcome.Expected { .refused("signature-missing", .invalid, at: "/signatures") }

    @Test func aDischargeOrderIsSignedByWhoOrders() throws {
        let recovered = try given(.stopped + [.recoveryScored(), .driver])
        try recovered.when(.dischargeOrdered, signed: [signature("dr.lin", .approval)]).then(.accepted)
        try recovered.when(.dischargeOrdered, signed: []).then(missing)
        // A nurse for a prescriber, the right person meaning something else.
        try recovered.when(.dischargeOrdered, signed: [signature("nia", .approval)]).then(missing)
        try recovered.when(.dischargeOrdered, signed: [signature("dr.lin", .witness)]).then(missing)
        // A file that tells of it is not asked.
        try recovered.when(.dischargeOrdered).then(.accepted)
    }

    @Test func anOverrideIsSignedByThePrescriberWhoMakesIt() throws {
        let arrived = try given(.arrived, patient: [.registered, .consulted(), .planned()])
        let line = Step.ivInserted.by("dr.lin")
        try arrived.when(line, overriding: "consent", signed: [signature("dr.lin", .responsibility)]).then(.accepted)
        try arrived.when(line, overriding: "consent", signed: []).then(missing)
        try arrived.when(line, overriding: "consent", signed: [signature("nia", .responsibility)]).then(missing)
        // Every event of the request bears it: an override stands for its session.
        try arrived.when(line, Step.note.by("dr.lin"), overriding: "consent", signed: []).then(missing)
    }

    @Test func aWastingWithAWitnessIsSignedByBoth() throws {
        let wasted = Step.wasted().with("witness", "dr.lin")
        let both = [signature("nia", .authorship), signature("dr.lin", .witness)]
        try given(.stopped).when(wasted, signed: both).then(.accepted)
        for one in both { try given(.stopped).when(wasted, signed: [one]).then(missing) }
        // One person twice.
        try given(.stopped).when(wasted, signed: [signature("nia", .authorship), signature("nia", .witness)]).then(missing)
        try given(.stopped).when(wasted.with("witness", "nia"), signed: both).then(
            .refused("witness-is-author", .invalid, at: "/data/witness"))
        // Nothing stops a wasting: without a witness nobody has to sign.
        try given(.stopped).when(wasted.with("witness", nil), signed: []).then(.accepted)
    }

    @Test func aWitnessOfConsentSignsUnderHandleOrName() throws {
        let unsigned = try given(patient: [.registered, .consulted()])
        let witnessed = Step.consentSigned().with("witness", "Amal Lin")
        let author = signature("nia", .authorship)
        try unsigned.when(witnessed, signed: [author, signature("dr.lin", .witness, name: "Amal Lin")]).then(.accepted)
        try unsigned.when(witnessed.with("witness", "dr.lin"), signed: [author, signature("dr.lin", .witness)]).then(.accepted)
        try unsigned.when(witnessed, signed: [author, signature("dr.lin", .witness)]).then(missing)
        try unsigned.when(witnessed, signed: [author, signature("nia", .witness, name: "Amal Lin")]).then(missing)
        try unsigned.when(.consentSigned(), signed: []).then(.accepted)
    }

    @Test func aReviewOfBreakGlassIsSigned() throws {
        let broken = try given([.glassBroken])
        let reviewer = Step.glassReviewed.actor
        try broken.when(.glassReviewed, signed: [signature(reviewer, .review)]).then(.accepted)
        try broken.when(.glassReviewed, signed: []).then(missing)
    }

    /// Else an amendment would be the way around: a witness could be written in afterwards.
    @Test func anAmendmentIsSignedLikeWhatItAmends() throws {
        let wasting = Step.wasted().with("witness", nil).id(Story.id(40))
        let scenario = try given(.stopped + [wasting])
        let amendment = Step.amended(Story.id(40), wasting.data.setting("/witness", to: "dr.lin"), at: 300).on(Story.vial)
        try scenario.when(amendment, signed: []).then(missing)
        let both = [signature(amendment.actor, .authorship), signature("dr.lin", .witness)]
        try scenario.when(amendment, signed: both).then(.accepted)
    }

    /// A token that was given fewer roles than its holder has acts in those alone.
    @Test func whoActsInFewerRolesMayDoLess() throws {
        let recovered = try given(.stopped + [.recoveryScored(), .driver])
        try recovered.when(.dischargeOrdered, acting: [.nurse]).then(.refused("role-not-allowed", .forbidden))
        try recovered.when(.dischargeOrdered, acting: [.prescriber, .administrator]).then(.accepted)
        // More than one holds, one never gets.
        try recovered.when(.dischargeOrdered, by: "nia", acting: [.prescriber]).then(.refused("role-not-allowed", .forbidden))
        let line = Step.ivInserted.by("bo")
        let arrived = try given(
            .arrived, patient: [.registered, .consulted(), .planned()], clinic: .clinic + [.enrolled("bo", "nurse", "prescriber")])
        try arrived.when(line, overriding: "consent", acting: [.prescriber]).then(.accepted)
        try arrived.when(line, overriding: "consent", acting: [.nurse]).then(.refused("override-needs-prescriber", .forbidden))
    }
}

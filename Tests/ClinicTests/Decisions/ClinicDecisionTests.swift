import Canonical
import Clinic
import Testing

@Suite struct ClinicDecisionTests {
    // MARK: The first administrator

    @Test func anyoneMayEnrolTheFirstAdministrator() throws {
        let ada = Step.enrolled("ada", "administrator", at: 0).by("anyone")
        try given(patient: [], clinic: []).when(ada).then(.accepted)
        let acceptance = try given(patient: [], clinic: []).when(ada).acceptance
        #expect(acceptance?.conditions == [Acceptance.Condition(stream: .clinic, version: 0)])
    }

    @Test func theFirstPersonMustBeAnAdministrator() throws {
        try given(patient: [], clinic: []).when(.enrolled("nia", "nurse", at: 0)).then(
            .refused("clinic-not-founded", .conflict, at: "/data/roles"))
    }

    @Test(arguments: [Step.formPublished(at: 0), .policyAdopted(at: 0), .registered, .note.on(.clinic)])
    func nothingElseComesFirst(_ step: Step) throws {
        try given(patient: [], clinic: []).when(step).then(.refused("clinic-not-founded", .conflict))
    }

    @Test func aWholeClinicMayBeFoundedInOneCommand() throws {
        let scenario = try given(patient: [], clinic: [])
        try scenario.when(
            .enrolled("ada", "administrator"), .enrolled("dr.lin", "prescriber"), .formPublished(), .policyAdopted(), by: "ada"
        )
        .then(.accepted)
        try scenario.when(.enrolled("dr.lin", "prescriber"), .enrolled("ada", "administrator"), by: "ada")
            .then(.refused("clinic-not-founded", .conflict, at: "/events/0/data/roles"))
    }

    // MARK: Roles

    @Test func staffAreEnrolledByAdministrators() throws {
        let pia = Step.enrolled("pia", "nurse", at: 0)
        try given().when(pia).then(.accepted)
        for actor in ["dr.lin", "nia", "fay", "cora"] {
            try given().when(pia, by: actor).then(.refused("role-not-allowed", .forbidden))
        }
        try given().when(pia, by: "nobody").then(.refused("actor-not-enrolled", .forbidden))
    }

    @Test(arguments: [Step.formPublished("2", at: 0), .policyAdopted(at: 0)])
    func policiesAndFormsAlsoByCompliance(_ step: Step) throws {
        try given().when(step).then(.accepted)
        try given().when(step, by: "cora").then(.accepted)
        try given().when(step, by: "dr.lin").then(.refused("role-not-allowed", .forbidden))
    }

    @Test func anEnrolmentCountsFromItsTimeOn() throws {
        let scenario = try given(clinic: .clinic + [.enrolled("pia", "nurse", "administrator", at: -10)])
        try scenario.when(.formPublished("2", at: -10), by: "pia").then(.accepted)
        try scenario.when(.formPublished("2", at: -11), by: "pia").then(.refused("actor-not-enrolled", .forbidden))
    }

    @Test func theLastEnrolmentHolds() throws {
        let scenario = try given(clinic: .clinic + [.enrolled("cora", "reporting", at: -10)])
        try scenario.when(.formPublished("2", at: -11), by: "cora").then(.accepted)
        try scenario.when(.formPublished("2", at: -10), by: "cora").then(.refused("role-not-allowed", .forbidden))
    }

    @Test func theLastAdministratorStays() throws {
        try given().when(.enrolled("ada", "nurse", at: 0)).then(.refused("last-administrator", .conflict))
        try given(clinic: .clinic + [.enrolled("eve", "administrator")]).when(.enrolled("ada", "nurse", at: 0)).then(.accepted)
        try given().when(.enrolled("eve", "administrator", at: 0), .enrolled("ada", "nurse", at: 0)).then(.accepted)
    }

    // MARK: Revocation

    @Test func revoked() throws {
        try given().when(.revoked("nia")).then(.accepted)
        try given().when(.revoked("nia"), by: "cora").then(.refused("role-not-allowed", .forbidden))
        try given().when(.revoked("gone")).then(.refused("unknown-staff", .invalid, at: "/data/staff"))
        try given(clinic: .clinic + [.revoked("nia", at: -5)]).when(.revoked("nia")).then(.refused("unknown-staff", .invalid))
        try given().when(.revoked("ada")).then(.refused("last-administrator", .conflict))
        try given(clinic: .clinic + [.enrolled("eve", "administrator")]).when(.revoked("ada")).then(.accepted)
        try given().when(.enrolled("eve", "administrator", at: 0), .revoked("ada")).then(.accepted)
        let revocation = Step.revoked("eve", at: -5).id(Story.id(50))
        let scenario = try given(clinic: .clinic + [.enrolled("eve", "administrator"), revocation])
        try scenario.when(.revoked("ada")).then(.refused("last-administrator", .conflict))
        try scenario.when(.voided(revocation.id).on(.clinic), by: "ada").then(.accepted)
    }

    /// Who has left charts nothing any more, not under a date before that either; what is imported was charted when it says.
    @Test func theRevokedDoNothing() throws {
        let scenario = try given(.ivIn, clinic: .clinic + [.revoked("nia", at: 20)])
        try scenario.when(.infusionStarted().at(21)).then(.refused("actor-not-enrolled", .forbidden))
        try scenario.when(.infusionStarted()).then(.refused("actor-not-enrolled", .forbidden))
        func imported(_ minute: Double) throws -> Proposal {
            let event = Proposal.Event(occurredAt: Story.time(15), body: try Step.infusionStarted().body)
            return Proposal(stream: Story.session, actor: "nia", events: [event], chartedAt: Story.time(minute))
        }
        scenario.decide(try imported(19)).then(.accepted)
        scenario.decide(try imported(20)).then(.refused("actor-not-enrolled", .forbidden))
        try scenario.when(.vitals).then(.unconditional)
        try given(.ivIn, clinic: .clinic + [.revoked("nia", at: 20), .enrolled("nia", "nurse", at: 30)]).when(.infusionStarted()).then(
            .accepted)
        // Prescribers, too, at the time of what they ordered.
        let gone = [Step].clinic + [.revoked("dr.lin", at: 14)]
        try given(.ivIn, clinic: gone).when(.infusionStarted()).then(.refused("unknown-staff", .invalid, at: "/data/prescriber"))
    }

    // MARK: Versions

    @Test func aVersionIsPublishedOnce() throws {
        try given().when(.formPublished("1", text: "Another text.", at: 0)).then(.refused("form-exists", .conflict, at: "/data/version"))
        try given().when(.formPublished("2", text: "Another text.", at: 0)).then(.accepted)
        try given().when(.formPublished("1", at: 0).with("form", "photography")).then(.accepted)
    }

    @Test func aPolicyVersionIsAdoptedOnce() throws {
        let scenario = try given(clinic: .clinic + [.policyAdopted("2026-1")])
        try scenario.when(.policyAdopted("2026-1", at: 0)).then(.refused("policy-exists", .conflict, at: "/data/version"))
        try scenario.when(.policyAdopted("default", at: 0)).then(.refused("policy-exists", .conflict))
        try scenario.when(.policyAdopted("2026-2", at: 0)).then(.accepted)
    }

    // MARK: Corrections on the clinic's own stream

    @Test func correctionsThereTakeTheRoleOfWhatTheyCorrect() throws {
        let nia = Step.enrolled("nia", "nurse").id(Story.id(50))
        let form = Step.formPublished("2", at: -100).id(Story.id(51))
        let scenario = try given(clinic: .clinic + [nia, form])
        let promotion = Step.amended(nia.id, nia.with("roles", ["nurse", "prescriber"]).data).on(.clinic)
        try scenario.when(promotion, by: "nia").then(.refused("role-not-allowed", .forbidden))
        try scenario.when(promotion, by: "ada").then(.accepted)
        try scenario.when(.voided(form.id).on(.clinic), by: "cora").then(.accepted)
        try scenario.when(.voided(form.id).on(.clinic), by: "nobody").then(.refused("actor-not-enrolled", .forbidden))
        try scenario.when(.voided(nia.id).on(.clinic), by: "cora").then(.refused("role-not-allowed", .forbidden))
    }

    @Test func correctionsThereLeaveAnAdministrator() throws {
        let ada = Step.enrolled("ada", "administrator").id(Story.id(50))
        let scenario = try given(clinic: [ada, .enrolled("dr.lin", "prescriber")])
        try scenario.when(.voided(ada.id).on(.clinic), by: "ada").then(.refused("last-administrator", .conflict))
        try scenario.when(.amended(ada.id, ada.with("roles", ["nurse"]).data).on(.clinic), by: "ada").then(
            .refused("last-administrator", .conflict))
        try scenario.when(.amended(ada.id, ada.with("name", "Ada L.").data).on(.clinic), by: "ada").then(.accepted)
    }

    @Test func notesThereAreOpenToAll() throws {
        try given().when(.note.on(.clinic), by: "nobody").then(.unconditional)
    }
}

import Canonical
import Clinic
import Testing

@Suite struct ClinicReferenceTests {
    private func reference(_ steps: Step...) throws -> ClinicReference {
        ClinicReference(try Scenario(steps).history(.clinic))
    }

    @Test func emptyUntilSomebodyIsEnrolled() throws {
        #expect(ClinicReference(History()).isEmpty)
        #expect(try reference(.formPublished()).isEmpty)
        #expect(try !reference(.enrolled("ada", "administrator")).isEmpty)
        let ada = Step.enrolled("ada", "administrator").id(Story.id(1))
        #expect(try reference(ada, .voided(ada.id).on(.clinic)).isEmpty)
    }

    // MARK: Policies

    @Test func defaultsAreTheDomains() {
        let policy = ClinicReference(History()).policy(at: Story.start)
        #expect(policy == Policy())
        #expect(policy.version == "default")
        #expect([policy.vitalsGapMin, policy.vitalsBeforeStartMin, policy.clinicianGapMin] == [5, 15, 15])
        #expect([policy.recoveryScoreMin, policy.recoveryMin, policy.lateEntryH, policy.breakGlassReviewDays] == [9, 30, 24, 3])
        #expect(policy.aclsRequired && policy.wasteWitnessRequired)
        #expect(policy.vialToleranceMg == Milligrams(thousandths: 500))
        #expect(policy.doseTolerancePercent == 2)
        #expect(policy.bloodPressureTolerancePercent == 20)
    }

    @Test func aPolicyHoldsFromTheLaterOfAdoptionAndEffect() throws {
        let reference = try reference(.policyAdopted("a", effective: 10, at: 0), .policyAdopted("b", effective: 5, at: 20))
        #expect([9, 10, 19, 20].map { reference.policy(at: Story.time($0)).version } == ["default", "a", "a", "b"])
    }

    @Test func whatAnAdoptionLeavesOutIsTakenFromTheOneBefore() throws {
        let reference = try reference(
            .policyAdopted("a", effective: 0, at: 0).with("vitals_gap_min", 10).with("recovery_min", 45),
            .policyAdopted("b", effective: 10, at: 1).with("vitals_gap_min", 15))
        #expect(reference.policy(at: Story.time(0)).vitalsGapMin == 10)
        #expect(reference.policy(at: Story.time(10)).vitalsGapMin == 15)
        #expect(reference.policy(at: Story.time(10)).recoveryMin == 45)
        #expect(reference.policy(at: Story.time(10)).recoveryScoreMin == 9)
    }

    /// Announced first but in force later: it replaces the one that came into force in between.
    @Test func theOrderIsThatOfComingIntoForce() throws {
        let reference = try reference(
            .policyAdopted("late", effective: 50, at: 0).with("vitals_gap_min", 10),
            .policyAdopted("soon", effective: 10, at: 5).with("recovery_min", 45))
        #expect([0, 10, 49, 50].map { reference.policy(at: Story.time($0)).version } == ["default", "soon", "soon", "late"])
        #expect(reference.policy(at: Story.time(50)).recoveryMin == 45)
        #expect(reference.policy(at: Story.time(50)).vitalsGapMin == 10)
    }

    // MARK: Forms

    @Test func formsByVersionAndTime() throws {
        let reference = try reference(.formPublished("1", at: 0), .formPublished("2", text: "New.", at: 10))
        #expect(reference.newestVersion(of: "infusion", at: Story.time(-1)) == nil)
        #expect(reference.newestVersion(of: "infusion", at: Story.time(9)) == "1")
        #expect(reference.newestVersion(of: "infusion", at: Story.time(10)) == "2")
        #expect(reference.newestVersion(of: "other", at: Story.time(10)) == nil)
        #expect(reference.form("infusion", version: "1")?.digest == Story.formDigest)
        #expect(reference.form("infusion", version: "2")?.text == "New.")
        #expect(reference.form("infusion", version: "2", at: Story.time(9)) == nil)
    }

    // MARK: Staff

    @Test func rolesOverTime() throws {
        let reference = try reference(.enrolled("nia", "nurse", at: 0), .enrolled("nia", "nurse", "prescriber", at: 10))
        #expect(reference.staff("nia", at: Story.time(-1)) == nil)
        #expect(reference.staff("nia", at: Story.time(0))?.roles == [.nurse])
        #expect(reference.staff("nia", at: Story.time(10))?.roles == [.nurse, .prescriber])
        #expect(reference.staff("fay", at: Story.time(10)) == nil)
    }
}

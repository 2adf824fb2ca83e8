import Canonical
import Clinic
import Testing

@Suite struct PatientStateTests {
    private func patient(_ steps: [Step], until minute: Double? = nil) throws -> PatientState {
        PatientState(try Scenario(steps).history(Story.patient), until: minute.map(Story.time))
    }

    @Test func foldsUpToAnInstant() throws {
        let steps: [Step] = [
            .registered, .consulted("deferred", at: 0), .consulted(at: 10), .planned(at: 20), .planned(Story.id(31), at: 30),
        ]
        #expect(try patient([]).isRegistered == false)
        #expect(try patient(steps, until: -1).candidacy == nil)
        #expect(try patient(steps, until: 0).candidacy == .deferred)
        #expect(try patient(steps, until: 10).candidacy == .candidate)
        #expect(try patient(steps, until: 29).latestPlan?.body.plan == Story.plan)
        let whole = try patient(steps)
        #expect(whole.isRegistered)
        #expect(whole.latestPlan?.body.plan == Story.id(31))
        #expect(whole.plan(Story.plan)?.body.plan == Story.plan)
        #expect(whole.plan(nil)?.body.plan == Story.id(31))
        #expect(whole.plan(Story.id(99)) == nil)
        #expect(whole.plans.count == 2)
    }

    @Test func consentStandsOrNot() throws {
        let clinic = [Step].clinic + [.formPublished("2", text: "New.", at: 50)]
        let steps: [Step] = [
            .registered, .consentSigned(at: 0), .consentWithdrawn(at: 20), .consentSigned(at: 40), .consentSigned("2", at: 60),
        ]
        let scenario = try Scenario(clinic + steps)
        let reference = ClinicReference(scenario.history(.clinic))
        let patient = PatientState(scenario.history(Story.patient))
        func standing(_ minute: Double) -> PatientState.ConsentStanding { patient.consentStanding(at: Story.time(minute), reference) }
        func isInForce(_ minute: Double) -> Bool { patient.consentInForce(at: Story.time(minute), reference) != nil }
        #expect(standing(-1) == .notSigned)
        #expect(standing(0) == .inForce(patient.consents[0]))
        #expect(standing(20) == .withdrawn(patient.withdrawals[0]))
        #expect(standing(40) == .inForce(patient.consents[1]))
        #expect(standing(50) == .outdated(patient.consents[1]))
        #expect(standing(60) == .inForce(patient.consents[2]))
        #expect(
            [-1, 0, 19, 20, 39, 40, 49, 50, 59, 60].map(isInForce) == [false, true, true, false, false, true, true, false, false, true])
    }
}

import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct DispensingNamedTests {
    @Test func aDispensingThatNamesAllPasses() {
        let finding = Scenario.accountedFor().judgeVial("D2")
        #expect(finding.verdict == .pass)
        #expect(
            finding.sentence == "1 dispensing of ketamine injection 50 mg/mL, 20 mg in all, with patient, date and dispenser: nia")
        #expect(finding.deciding.map(\.type) == [.drugReceived, .drugDispensed])
        #expect(finding.policyVersion == "2026-1")
    }

    @Test func theSessionMustBeInTheRecord() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense("09:25", session: uuid(77))
        let finding = scenario.judgeVial("D2")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "The 20 mg drawn 2026-03-10 09:25 by nia name a session that is not in the record")
    }

    @Test func thePatientMustBeTheSessions() {
        var scenario = Scenario()
        scenario.receive()
        let id = scenario.dispense("09:25", patient: uuid(78))
        let finding = scenario.judgeVial("D2")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.hasSuffix("name another patient than their session"))
        #expect(finding.deciding.map(\.event) == [id])
    }

    @Test func theDispenserMustBeClinical() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense("09:25", by: "dora")
        #expect(scenario.judgeVial("D2").sentence.hasSuffix("have a dispenser who was no nurse or prescriber then"))
    }

    @Test func theReceiptComesFirst() {
        var scenario = Scenario()
        let receipt = scenario.receive("09:26")
        scenario.dispense("09:25")
        #expect(scenario.judgeVial("D2").sentence.hasSuffix("were drawn before the vial was received (2026-03-10 09:26)"))
        scenario.void(receipt, on: .vial(Scenario.vial))
        #expect(scenario.judgeVial("D2").sentence.hasSuffix("have no receipt that names drug, form and strength"))
    }

    @Test func anInfusionNeedsADispensing() {
        var scenario = Scenario()
        scenario.receive()
        #expect(scenario.judgeVial("D2").verdict == .notApplicable)
        scenario.insert()
        scenario.start()
        let finding = scenario.judgeVial("D2")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "The infusion of 2026-03-10 09:30 by nia has no dispensing for its session")
        scenario.dispense("09:25")
        #expect(scenario.judgeVial("D2").verdict == .pass, "a late entry mends it")
    }
}

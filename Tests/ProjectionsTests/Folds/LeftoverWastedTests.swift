import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct LeftoverWastedTests {
    private func leftover(_ more: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        scenario.insert()
        scenario.start()
        scenario.stop()
        more(&scenario)
        return scenario
    }

    @Test func wastedTheSameDayBeforeAWitness() {
        let finding = Scenario.accountedFor().judgeVial("D4")
        #expect(finding.verdict == .pass)
        #expect(
            finding.sentence
                == "10 mg left over at 2026-03-10 10:00, wasted the same day, before ada; policy 2026-1 asks for a witness")
        #expect(finding.deciding.map(\.type) == [.drugDispensed, .infusionStopped, .drugWasted])
    }

    @Test func wastedTheNextDayFails() {
        let finding = leftover { $0.waste("2026-03-11T08:00") }.judgeVial("D4")
        #expect(finding.verdict == .fail)
        #expect(
            finding.sentence == """
                Of the 10 mg left over at 2026-03-10 10:00, 10 mg not wasted the same day: 10 mg wasted 22 h later; \
                policy 2026-1 asks for a witness
                """)
        #expect(finding.deciding.map(\.type) == [.drugDispensed, .infusionStopped, .drugWasted])
    }

    @Test func midnightUTCInTheWorkingDayIsNoNewDay() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense("23:00")
        scenario.insert()
        scenario.start("23:20")
        scenario.stop("23:50")
        scenario.waste("2026-03-11T00:10")
        #expect(scenario.judgeVial("D4").verdict == .pass)
        var late = scenario
        late.waste("2026-03-11T11:51", "1")
        #expect(late.judgeVial("D4").verdict == .pass, "what is wasted besides is no leftover")
    }

    @Test func notWastedIsOpenUntilTheDayIsOver() {
        let scenario = leftover { _ in }
        let open = scenario.judgeVial("D4", asOf: "20:00")
        #expect(open.verdict == .indeterminate)
        #expect(open.sentence == "10 mg left over at 2026-03-10 10:00, not wasted yet; due by 2026-03-11 00:00")
        #expect(open.reconsiderAt == .of("2026-03-11T00:00"))
        let over = scenario.judgeVial("D4", asOf: "2026-03-11T00:00")
        #expect(over.verdict == .fail)
        #expect(over.sentence.hasPrefix("Of the 10 mg left over at 2026-03-10 10:00, 10 mg not wasted by 2026-03-11 00:00"))
    }

    @Test func aPartIsNotEnough() {
        #expect(leftover { $0.waste("10:10", "9.499") }.judgeVial("D4").verdict == .fail)
        #expect(leftover { $0.waste("10:10", "9.5") }.judgeVial("D4").verdict == .pass)
        let both = leftover {
            $0.waste("10:10", "4")
            $0.waste("10:40", "6")
        }
        #expect(both.judgeVial("D4").verdict == .pass)
    }

    @Test func aWastingThatNamesNoSessionCountsForTheLastOneDrawnFor() {
        #expect(leftover { $0.waste(session: nil) }.judgeVial("D4").verdict == .pass)
    }

    @Test func theWitnessIsAnotherMemberOfTheStaff() {
        let alone = leftover { $0.waste(witness: "nia") }.judgeVial("D4")
        #expect(alone.verdict == .fail)
        #expect(
            alone.sentence
                == "10 mg wasted 2026-03-10 10:10 by nia alone, who is named as the witness too; policy 2026-1 asks for a witness")
        #expect(leftover { $0.waste(witness: nil) }.judgeVial("D4").sentence.contains("by nia without a witness"))
        #expect(leftover { $0.waste(witness: "zoe") }.judgeVial("D4").sentence.contains("before zoe, who was not enrolled then"))
    }

    @Test func aPolicyMayDoWithoutAWitness() {
        let scenario = leftover {
            $0.adopt("2026-2", from: "2026-03-01", ["waste_witness_required": false])
            $0.waste(witness: nil)
        }
        let finding = scenario.judgeVial("D4")
        #expect(finding.verdict == .pass && finding.policyVersion == "2026-2")
        #expect(finding.sentence == "10 mg left over at 2026-03-10 10:00, wasted the same day; policy 2026-2")
    }

    @Test func nothingDrawnNothingLeft() {
        var scenario = Scenario()
        scenario.receive()
        #expect(scenario.judgeVial("D4").verdict == .notApplicable)
        scenario.dispense("09:25", "10")
        scenario.insert()
        scenario.start()
        #expect(scenario.judgeVial("D4").verdict == .indeterminate)
        scenario.stop()
        let finding = scenario.judgeVial("D4")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Nothing was left over of what was drawn; policy 2026-1 asks for a witness")
    }

    @Test func whatWasDrawnInVainIsLeftOver() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        #expect(scenario.judgeVial("D4", asOf: "2026-03-12").verdict == .fail)
        scenario.waste("11:00", "20")
        #expect(scenario.judgeVial("D4").verdict == .pass)
    }
}

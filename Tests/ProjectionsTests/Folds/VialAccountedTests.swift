import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct VialAccountedTests {
    @Test func whatCameInIsWhatWentOut() {
        let finding = Scenario.accountedFor().judgeVial("D3")
        #expect(finding.verdict == .pass)
        #expect(
            finding.sentence == """
                100 mg received, 10 mg given + 10 mg wasted + 80 mg on hand (counted 2026-03-10 17:00), 0 mg unexplained; \
                policy 2026-1 allows 0.5 mg
                """)
        #expect(finding.deciding.map(\.type) == [.drugReceived, .drugDispensed, .infusionStopped, .drugWasted, .vialCounted])
    }

    @Test(arguments: [("79.5", Verdict.pass), ("79.499", .fail), ("80.5", .pass), ("80.501", .fail)])
    func theToleranceIsExact(counted: String, verdict: Verdict) {
        var scenario = Scenario.accountedFor()
        scenario.count("17:30", .string(counted))
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == verdict)
        if counted == "79.499" { #expect(finding.sentence.contains("0.501 mg missing and unexplained; policy 2026-1 allows 0.5 mg")) }
        if counted == "80.501" { #expect(finding.sentence.contains("0.501 mg too much and unexplained")) }
    }

    @Test func thePolicyInForceAtTheCountHolds() {
        var scenario = Scenario.accountedFor()
        scenario.count("17:30", "78")
        #expect(scenario.judgeVial("D3").verdict == .fail)
        scenario.adopt("2026-2", from: "2026-03-11", ["vial_tolerance_mg": 5])
        #expect(scenario.judgeVial("D3").verdict == .fail, "a later policy rewrites nothing")
        scenario.adopt("2026-1b", from: "2026-03-09", ["vial_tolerance_mg": 5])
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == .pass && finding.policyVersion == "2026-1b")
    }

    @Test func aVialThatWasNeverCountedIsNotDecided() {
        var scenario = Scenario()
        #expect(scenario.judgeVial("D3").verdict == .notApplicable)
        scenario.receive()
        let unused = scenario.judgeVial("D3")
        #expect(unused.verdict == .indeterminate)
        #expect(unused.sentence == "Never counted: 100 mg received; 100 mg should be on hand")
        scenario.waste("10:10", "99.6", session: nil)
        let empty = scenario.judgeVial("D3")
        #expect(empty.verdict == .pass)
        #expect(empty.sentence == "Used up: 100 mg received, 99.6 mg wasted, 0.4 mg unexplained; policy 2026-1 allows 0.5 mg")
    }

    @Test func whatIsUsedAfterTheCountMustBeCountedAgain() {
        var scenario = Scenario.accountedFor()
        scenario.giveBack("18:00", "30")
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == .indeterminate)
        #expect(finding.sentence.hasSuffix("0 mg unexplained; used since and not counted again, 50 mg should be on hand"))
        scenario.count("19:00", "50")
        #expect(scenario.judgeVial("D3").verdict == .pass)
    }

    @Test func anInventoryIsACount() {
        var scenario = Scenario.accountedFor()
        scenario.inventory("18:00", [Scenario.vial: "70", uuid(9): "3"], entered: "19:00")
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("70 mg on hand (counted 2026-03-10 18:00), 10 mg missing"))
        #expect(finding.deciding.last?.stream == .clinic)
    }

    @Test func whatWasInASyringeAtTheCountIsNotMissing() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        scenario.insert()
        scenario.start()
        scenario.count("09:45", "80")
        #expect(scenario.judgeVial("D3", asOf: "09:50").verdict == .indeterminate, "it runs")
        scenario.stop()
        let leftover = scenario.judgeVial("D3", asOf: "11:00")
        #expect(leftover.verdict == .indeterminate)
        #expect(leftover.sentence.hasSuffix("10 mg drawn and not yet given or wasted"))
        #expect(leftover.reconsiderAt == .of("2026-03-11T00:00"))
        let over = scenario.judgeVial("D3", asOf: "2026-03-11T00:00")
        #expect(over.verdict == .fail)
        #expect(over.sentence.contains("5 mg in syringes, used later + 80 mg on hand (counted 2026-03-10 09:45), 10 mg missing"))
        scenario.waste("10:10")
        #expect(scenario.judgeVial("D3").verdict == .indeterminate, "used since the count")
        scenario.count("17:00", "80")
        #expect(scenario.judgeVial("D3").verdict == .pass)
    }

    @Test func aReportedLossExplainsWhatACountMissed() {
        var scenario = Scenario.accountedFor()
        scenario.count("17:30", "75")
        #expect(scenario.judgeVial("D3").verdict == .fail)
        scenario.lose("18:00", "5", form: "F-1")
        let finding = scenario.judgeVial("D3")
        #expect(finding.sentence.contains("5 mg reported lost later + 75 mg on hand"))
        scenario.count("19:00", "75")
        #expect(scenario.judgeVial("D3").verdict == .pass)
        #expect(scenario.judgeVial("D3").sentence.contains("10 mg wasted + 5 mg lost + 75 mg on hand"))
    }

    @Test func noMoreGoesOutThanCameIn() {
        var scenario = Scenario()
        scenario.receive()
        scenario.giveBack("10:00", "100.5")
        #expect(scenario.judgeVial("D3").verdict == .pass)
        scenario.giveBack("10:01", "0.001")
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == .fail)
        #expect(
            finding.sentence == "0.501 mg more went out than came in: 100 mg received, 100.501 mg returned; policy 2026-1 allows 0.5 mg")
    }

    @Test(arguments: [("10.2", Verdict.pass), ("10.201", .fail), ("9.8", .pass), ("9.799", .fail)])
    func theTotalAgreesWithTheChartedRate(total: String, verdict: Verdict) {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        scenario.insert()
        scenario.start()
        scenario.stop("10:00", total: .string(total))
        scenario.waste()
        scenario.count()
        let finding = scenario.judgeVial("D3")
        #expect(finding.verdict == verdict)
        if total == "10.201" {
            #expect(
                finding.sentence == """
                    The total of 10.201 mg charted at the stop of 2026-03-10 10:00 is not the 10 mg of the charted rate and boluses; \
                    policy 2026-1 allows 2 %
                    """)
            #expect(finding.deciding.map(\.type) == [.infusionStarted, .infusionStopped])
        }
    }

    @Test func aCorrectionOfTheRateMovesTheAccount() {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        scenario.insert()
        let start = scenario.start()
        scenario.stop("10:00", total: "12")
        scenario.waste("10:10", "8")
        scenario.count("17:00", "80")
        #expect(scenario.judgeVial("D3").verdict == .fail)
        scenario.amend(
            start,
            [
                "drug": "ketamine", "vial": .id(Scenario.vial), "concentration_mg_per_ml": 1, "rate_mg_per_h": 24, "planned_min": 60,
                "prescriber": "petra",
            ])
        #expect(scenario.judgeVial("D3").verdict == .pass)
    }

    @Test func anInfusionThatIsMovedToAnotherVialLeavesTheAccount() throws {
        var scenario = Scenario()
        scenario.receive()
        scenario.insert()
        let start = scenario.start()
        scenario.stop()
        scenario.count("17:00", "90")
        #expect(scenario.judgeVial("D3").verdict == .pass)
        scenario.amend(
            start,
            [
                "drug": "ketamine", "vial": .id(uuid(99)), "concentration_mg_per_ml": 1, "rate_mg_per_h": 20, "planned_min": 60,
                "prescriber": "petra",
            ])
        #expect(scenario.judgeVial("D3").verdict == .fail)
        #expect(try scenario.account.balance().given == .zero)
    }

    @Test func movementsNeedAReceipt() {
        var scenario = Scenario()
        let receipt = scenario.receive()
        scenario.count("17:00", "100")
        scenario.void(receipt, on: .vial(Scenario.vial))
        #expect(scenario.judgeVial("D3").sentence == "No receipt is charted for what was counted")
        #expect(scenario.judgeVial("D3").verdict == .fail)
    }
}

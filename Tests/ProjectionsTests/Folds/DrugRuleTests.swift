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

@Suite struct InventoryTakenInTimeTests {
    @Test func withinTwoYears() {
        var scenario = Scenario()
        scenario.inventory("2026-03-01T08:00", [Scenario.vial: "100"])
        let finding = scenario.judgeClinic("D5", asOf: "2028-03-01T08:00")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Inventory of 1 vial taken 2026-03-01 08:00; the next is due by 2028-03-01 08:00; policy 2026-1")
        #expect(finding.reconsiderAt == .of("2028-03-01T08:00"))
        let over = scenario.judgeClinic("D5", asOf: "2028-03-01T08:01")
        #expect(over.verdict == .fail)
        #expect(
            over.sentence == "The last inventory was taken 2026-03-01 08:00; the next was due by 2028-03-01 08:00; policy 2026-1")
        #expect(over.deciding.map(\.type) == [.inventoryTaken])
    }

    @Test func theLastOneTakenCounts() {
        var scenario = Scenario()
        scenario.inventory("2027-05-01")
        let second = scenario.inventory("2026-03-01", entered: "2027-06-01")
        #expect(scenario.judgeClinic("D5", asOf: "2028-06-01").verdict == .pass)
        scenario.void(second, "2027-06-02", on: .clinic, by: "ada")
        #expect(scenario.judgeClinic("D5", asOf: "2029-05-02").verdict == .fail)
    }

    @Test func theFirstIsAwaitedForTwoYears() {
        let scenario = Scenario()
        let finding = scenario.judgeClinic("D5", asOf: "2028-01-02T09:00")
        #expect(finding.verdict == .notApplicable)
        #expect(finding.reconsiderAt == .of("2028-01-02T09:00"))
        let over = scenario.judgeClinic("D5", asOf: "2028-01-02T09:01")
        #expect(over.verdict == .fail)
        #expect(over.deciding.map(\.type) == [.staffEnrolled])
        #expect(Scenario.empty.judgeClinic("D5", asOf: "2028-01-02").verdict == .notApplicable)
    }

    @Test func leapDays() {
        var scenario = Scenario()
        scenario.inventory("2028-02-29T10:00")
        #expect(scenario.judgeClinic("D5", asOf: "2028-03-01").reconsiderAt == .of("2030-02-28T10:00"))
    }
}

@Suite struct LossReportedTests {
    /// 2026-03-10 is a Tuesday.
    @Test func withTheReport() {
        var scenario = Scenario()
        scenario.receive()
        #expect(scenario.judgeVial("D7").verdict == .notApplicable)
        scenario.lose("10:00", form: "F-1")
        let finding = scenario.judgeVial("D7")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "1 loss with a Form 106 with the report, within 1 business day; policy 2026-1")
    }

    @Test func byAnAmendment() {
        var scenario = Scenario()
        scenario.receive()
        let loss = scenario.lose("10:00")
        scenario.amend(
            loss, at: "2026-03-11T15:00", on: .vial(Scenario.vial), ["amount_mg": 5, "note": "The count was short.", "form_106": "F-1"])
        let finding = scenario.judgeVial("D7")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence.contains("1 loss with a Form 106 within 29 h"))
        #expect(finding.deciding.map(\.type) == [.drugLossReported, .eventAmended])
        scenario.amend(
            loss, at: "2026-03-13T15:00", on: .vial(Scenario.vial), ["amount_mg": 6, "note": "The count was short.", "form_106": "F-2"])
        #expect(scenario.judgeVial("D7").verdict == .pass, "it had one in time")
    }

    @Test func tooLate() {
        var scenario = Scenario()
        scenario.receive()
        let loss = scenario.lose("10:00")
        scenario.amend(
            loss, at: "2026-03-12T00:01", on: .vial(Scenario.vial), ["amount_mg": 5, "note": "The count was short.", "form_106": "F-1"])
        let finding = scenario.judgeVial("D7")
        #expect(finding.verdict == .fail)
        #expect(
            finding.sentence == """
                The loss of 5 mg reported 2026-03-10 10:00 has its Form 106 38 h 1 min later, due by 2026-03-12 00:00; policy 2026-1
                """)
    }

    @Test func openUntilTheDeadline() {
        var scenario = Scenario()
        scenario.receive()
        scenario.lose("10:00")
        let open = scenario.judgeVial("D7", asOf: "2026-03-12T00:00")
        #expect(open.verdict == .indeterminate)
        #expect(open.reconsiderAt == .of("2026-03-12T00:00"))
        #expect(open.sentence == "The loss of 5 mg reported 2026-03-10 10:00 has no Form 106 yet; due by 2026-03-12 00:00")
        let over = scenario.judgeVial("D7", asOf: "2026-03-12T00:01")
        #expect(over.verdict == .fail)
        #expect(over.sentence.hasPrefix("The loss of 5 mg reported 2026-03-10 10:00 has no Form 106, due by 2026-03-12 00:00"))
    }

    @Test(arguments: [
        ("2026-03-12", "2026-03-14"), ("2026-03-13", "2026-03-17"), ("2026-03-14", "2026-03-17"), ("2026-03-15", "2026-03-17"),
    ])
    func theWeekendDoesNotCount(day: String, due: String) {
        var scenario = Scenario()
        scenario.receive()
        scenario.lose(day)
        #expect(scenario.judgeVial("D7", asOf: day).reconsiderAt == .of(due + "T00:00"))
    }

    @Test func byAnotherReport() {
        var scenario = Scenario()
        scenario.receive()
        scenario.lose("10:00")
        let second = scenario.lose("2026-03-11T10:00", form: "F-1")
        let finding = scenario.judgeVial("D7")
        #expect(finding.verdict == .pass)
        #expect(finding.deciding.last?.event == second)
        scenario.void(second, "2026-03-11T11:00", on: .vial(Scenario.vial))
        #expect(scenario.judgeVial("D7", asOf: "2026-03-13").verdict == .fail)
    }
}

import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

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

import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

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

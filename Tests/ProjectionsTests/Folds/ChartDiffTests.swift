import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct ChartDiffTests {
    private func chart(_ scenario: Scenario, _ position: Int64) -> Chart {
        Chart(
            patient: Chart.Patient(Scenario.patient, scenario.history(.patient(Scenario.patient), position: position)),
            sessions: [Chart.Session(Scenario.session, scenario.history(.session(Scenario.session), position: position))])
    }

    private func diff(_ scenario: Scenario, _ from: Int64, _ to: Int64) -> ChartDiff {
        ChartDiff(
            from: History.Bounds(position: from), chart(scenario, from), to: History.Bounds(position: to), chart(scenario, to))
    }

    @Test func betweenAPointAndItselfNothingChanged() {
        let scenario = Scenario.everything()
        #expect(diff(scenario, scenario.position, scenario.position).isEmpty)
        #expect(diff(scenario, 20, 20).isEmpty)
    }

    /// The last two events of the eventful day amend one set of vitals and void another.
    @Test func correctionsAreToldFieldByField() throws {
        let scenario = Scenario.eventful()
        let part = try #require(diff(scenario, scenario.position - 2, scenario.position).parts.first)
        #expect(part.stream == .session(Scenario.session) && part.status == .changed && part.added.isEmpty)
        let amended = try #require(part.corrected.first { !$0.isVoided })
        #expect(amended.fields == [ChartDiff.Derived(name: "heart_rate", before: 167, after: 76)])
        #expect(amended.corrections.map(\.actor) == ["nia"])
        let voided = try #require(part.corrected.first { $0.isVoided })
        #expect(voided.corrections.map(\.actor) == ["petra"] && voided.fields.isEmpty)
        let json = part.json
        #expect(json["amended"]?.elements?.first?["fields"]?["heart_rate"] == ["before": 167, "after": 76])
        #expect(json["voided"]?.elements?.first?["corrections"]?.elements?.first?["data"]?["reason"] == "Charted by mistake")
    }

    @Test func aCorrectionThatIsTakenBackLeavesNoFieldAndIsStillTold() throws {
        let scenario = Scenario.everything()
        // The amendment of the bolus and its voiding.
        let amendments = (scenario.events[.session(Scenario.session)] ?? []).filter { $0.body.type == .eventAmended }
        let slip = try #require(amendments.last).position
        let whole = diff(scenario, slip - 1, slip + 1)
        let bolus = try #require(whole.parts.first?.corrected.first)
        #expect(bolus.fields.isEmpty && bolus.corrections.count == 2)
        #expect(whole.parts.first?.derived.isEmpty == true)
        // Half of it moves the dose.
        let half = diff(scenario, slip - 1, slip)
        let given = try #require(half.parts.first?.derived.first { $0.name == "given_mg" })
        #expect(given.before?.canonical == "16.685" && given.after?.canonical == "43.685")
    }

    @Test func whatFollowsIsToldToo() throws {
        let scenario = Scenario.everything()
        let all = diff(scenario, 0, scenario.position)
        #expect(all.parts.map(\.stream) == [.patient(Scenario.patient), .session(Scenario.session)])
        let patient = try #require(all.parts.first?.derived)
        func value(_ name: String) -> JSON? { patient.first { $0.name == name }?.after }
        #expect(value("consent") == "withdrawn" && value("candidacy") == "candidate" && value("family") == "Ash")
        let session = try #require(all.parts.last?.derived)
        #expect(session.first { $0.name == "state" } == ChartDiff.Derived(name: "state", before: nil, after: "discharged"))
    }

    @Test func aSessionThatLeavesTheChartIsGone() {
        let scenario = Scenario.uneventful()
        let full = scenario.chart
        let without = Chart(patient: full.patient, sessions: [])
        let gone = ChartDiff(from: History.Bounds(position: 1), full, to: History.Bounds(position: 2), without)
        #expect(gone.parts.map(\.status) == [.gone])
        #expect(ChartDiff(from: History.Bounds(position: 1), without, to: History.Bounds(), full).parts.map(\.status) == [.new])
    }

    /// Whatever the history: what was known before, with what the diff adds, is what is known after; and all that differs is listed.
    @Test(arguments: 0..<40) func aDiffAccountsForEveryDifference(_ seed: Int) {
        let scenario = Scenario.random(seed)
        for (from, to) in [(0, 10), (3, 7), (5, 10)] {
            let points = (scenario.position * Int64(from) / 10, scenario.position * Int64(to) / 10)
            let (before, after) = (chart(scenario, points.0), chart(scenario, points.1))
            let found = diff(scenario, points.0, points.1)
            func entries(_ chart: Chart) -> [UUID: Chart.Entry] {
                Dictionary((chart.patient.entries + chart.sessions.flatMap(\.entries)).map { ($0.id, $0) }) { first, _ in first }
            }
            var rebuilt = entries(before)
            for entry in found.parts.flatMap(\.added) {
                #expect(rebuilt[entry.id] == nil && entry.event.position > points.0)
                rebuilt[entry.id] = entry
            }
            for correction in found.parts.flatMap(\.corrected) {
                #expect(rebuilt[correction.before.id] == correction.before && !correction.corrections.isEmpty)
                #expect(correction.corrections.allSatisfy { $0.position > points.0 && $0.position <= points.1 })
                rebuilt[correction.after.id] = correction.after
            }
            #expect(rebuilt == entries(after))
            for width in [80, 100] {
                for line in found.text(of: after.patient, width: width).split(separator: "\n") {
                    #expect(String(line).displayWidth <= width, "\(line)")
                }
            }
        }
    }
}

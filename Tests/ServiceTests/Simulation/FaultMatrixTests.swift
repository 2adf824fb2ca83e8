import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import Service
import Simulation
import TestSupport
import Testing

/// The rules against labelled violations: each must be found, and nothing else may be.
@Suite(.service) struct FaultMatrixTests {
    /// The clinic's year must be over, and its last inventory less than two years old. Weekdays stay as they are.
    private static var start: CalendarDate {
        var start = CalendarDate(dayNumber: 20_094)
        while start.dayNumber + 2 * 364 < Timestamp.now().date.dayNumber { start = CalendarDate(dayNumber: start.dayNumber + 364) }
        return start
    }

    /// Rules for which no violation can be charted: tampering (A1), no disclosure or discharge without what they must name (A6, X4), no erasure (A8).
    private static let unplantable: Set<String> = ["A1", "A6", "A8", "X4"]

    private struct Place: Hashable, Comparable, CustomStringConvertible {
        let stream: String
        let rule: String

        var description: String { "\(rule) \(stream)" }
        static func < (left: Place, right: Place) -> Bool { left.description < right.description }
    }

    /// Imports a clinic, and gives the verdict of every rule on every stream.
    private func verdicts(_ simulation: Simulation, _ index: Int) async throws -> (Simulation.Outcome, [Place: Judgement]) {
        try await TemporaryDirectory.with { directory in
            let file = directory + "/clinic.jsonl"
            var text = ""
            let outcome = simulation.run(index) { text += $0 + "\n" }
            try text.write(toFile: file, atomically: false, encoding: .utf8)
            return try await withDatabase { database in
                let report = try await Importer(database.recorder).run([file])
                #expect(report.refused == [])
                #expect(report.events == outcome.events)
                try await database.projector.catchUp()
                let judgements = try await database.ledger.judgements(of: outcome.clinic)
                var places: [Place: Judgement] = [:]
                for judgement in judgements { places[Place(stream: judgement.stream.description, rule: judgement.rule)] = judgement }
                #expect(places.count == judgements.count)
                return (outcome, places)
            }
        }
    }

    /// `index` 0 opens a vial for each session and reads vitals every 5 minutes, 1 draws from large vials and reads every 15.
    @Test(arguments: [0, 1]) func everyPlantedFaultIsFoundAndNothingElse(_ index: Int) async throws {
        let simulation = Simulation(clinics: 2, patients: 20, months: 9, seed: 7, start: Self.start, hasFaults: true)
        let (outcome, shown) = try await verdicts(simulation, index)
        var expected: [Place: PlantedFault] = [:]
        for fault in outcome.expected {
            let place = Place(stream: fault.stream, rule: fault.rule)
            #expect(expected[place] == nil, "two faults at \(place)")
            expected[place] = fault
        }
        let missed = expected.filter { shown[$0.key]?.verdict.rawValue != $0.value.verdict }.map { place, fault in
            "\(fault.fault): \(place) should be \(fault.verdict), is \(shown[place].map { "\($0.verdict): \($0.finding.sentence)" } ?? "not there")"
        }
        #expect(missed.sorted() == [])
        #expect(alarms(shown.filter { expected[$0.key] == nil }) == [])
        // Every rule that can be violated is, in the first clinic by every fault there is.
        let planted = Set(outcome.expected.map(\.rule))
        #expect(Set(RuleSet.rules.map(\.id)).subtracting(planted).subtracting(Self.unplantable) == [])
        if index == 0 { #expect(outcome.unplanted == []) }
    }

    @Test(arguments: [0, 1]) func aCleanClinicGivesNoAlarm(_ index: Int) async throws {
        let simulation = Simulation(clinics: 2, patients: 16, months: 9, seed: 21, start: Self.start)
        let (outcome, shown) = try await verdicts(simulation, index)
        #expect(outcome.expected == [])
        #expect(alarms(shown) == [])
        // Not because nothing was judged.
        for rule in RuleSet.rules.map(\.id) where !["A1", "A8"].contains(rule) {
            #expect(shown.contains { $0.key.rule == rule && $0.value.verdict == .pass }, "\(rule) passes nowhere")
        }
    }

    /// What is neither `pass` nor `not_applicable`. A vial that is on hand may not have been counted yet.
    private func alarms(_ shown: [Place: Judgement]) -> [String] {
        shown.filter { place, judgement in
            switch judgement.verdict {
            case .pass, .notApplicable: false
            case .indeterminate: judgement.stream.kind != .vial
            case .fail, .overridden: true
            }
        }.map { "\($0.key) \($0.value.verdict): \($0.value.finding.sentence)" }.sorted()
    }
}

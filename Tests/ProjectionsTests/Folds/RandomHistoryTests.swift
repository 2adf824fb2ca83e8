import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

/// Histories that no clinic would write: everything in any order, late, corrected twice, corrected in vain. Folds must take them all.
@Suite struct RandomHistoryTests {
    private func rows(_ dossier: Dossier) throws -> String {
        var text = ""
        func add<P: Projection>(_: P.Type) throws {
            var sink = RowSink(P.tables)
            sink.open(dossier)
            try P.rows(of: dossier, into: &sink)
            text += "\(sink.rows)"
        }
        try add(PatientChart.self)
        try add(SessionFlowsheet.self)
        try add(Compliance.self)
        return text
    }

    private func dossier(_ scenario: Scenario, _ stream: StreamID, _ build: ([ChartEvent]) -> History) -> Dossier {
        func history(_ stream: StreamID) -> History { build(scenario.events[stream] ?? []) }
        return Dossier(
            clinic: "elm", stream: stream, history: history(stream),
            patient: stream.kind == .session ? history(.patient(Scenario.patient)) : History(), clinicHistory: history(.clinic))
    }

    private static let streams: [StreamID] = [.session(Scenario.session), .patient(Scenario.patient), .clinic]

    @Test(arguments: 0..<40)
    func rowsDoNotDependOnHowTheHistoryWasBuilt(_ seed: Int) throws {
        let scenario = Scenario.random(seed)
        for stream in Self.streams {
            let whole = try rows(dossier(scenario, stream) { History($0) })
            let piecemeal = try rows(
                dossier(scenario, stream) { events in
                    var history = History()
                    // Delivered at least once: each event twice, and now and then everything from the start.
                    for (index, event) in events.enumerated() {
                        history.append(event)
                        history.append(event)
                        if index % 7 == 3 { for former in events[...index] { history.append(former) } }
                    }
                    return history
                })
            #expect(piecemeal == whole)
            let bounded = try rows(dossier(scenario, stream) { History($0, position: scenario.position) })
            #expect(bounded == whole)
        }
    }

    @Test(arguments: 0..<60)
    func asOfAPositionIsWhatTheLogHeldThen(_ seed: Int) throws {
        let scenario = Scenario.random(seed)
        let position = scenario.position * Int64(seed % 10) / 10
        for stream in Self.streams {
            let bounded = try rows(dossier(scenario, stream) { History($0, position: position) })
            let then = try rows(dossier(scenario, stream) { events in History(events.filter { $0.position <= position }) })
            #expect(bounded == then)
        }
    }

    @Test(arguments: 0..<60)
    func documentsReadBackAsTheyWere(_ seed: Int) throws {
        let scenario = Scenario.random(seed)
        let chart = scenario.chart
        #expect(try Chart.Patient(json: JSON.parse(chart.patient.json.canonical)) == chart.patient)
        #expect(try Chart.Session(json: JSON.parse(scenario.sheet.json.canonical)) == scenario.sheet)
    }

    @Test(arguments: 0..<30)
    func textFitsItsWidth(_ seed: Int) {
        let scenario = Scenario.random(seed)
        let judgements = Self.streams.flatMap { Judgement.all(of: scenario.dossier($0)) }
        for width in [80, 100] {
            for text in [
                scenario.chart.text(width: width), scenario.sheet.text(width: width), ComplianceView(judgements).text(width: width),
            ] {
                for line in text.split(separator: "\n") { #expect(String(line).displayWidth <= width, "\(width): \(line)") }
            }
        }
    }

    @Test(arguments: 0..<60)
    func openSessionsNeverPass(_ seed: Int) {
        let scenario = Scenario.random(seed)
        guard scenario.sheet.state.discharge == nil, scenario.sheet.state.arrival != nil else { return }
        for judgement in Judgement.all(of: scenario.dossier()) {
            #expect(judgement.verdict == .indeterminate || judgement.verdict == .fail)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same history on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Scenario {
    static func random(_ seed: Int) -> Scenario {
        var random = SplitMix(state: UInt64(seed))
        var scenario = Scenario(arrived: Bool.random(using: &random))
        for _ in 0..<Int.random(in: 0...50, using: &random) { scenario.addSomething(&random) }
        return scenario
    }

    private mutating func addSomething(_ random: inout SplitMix) {
        let minute = Int.random(in: 0..<240, using: &random)
        let time = Timestamp.of("08:00").adding(minutes: Int64(minute)).description
        let rate: JSON = .string(String(Int.random(in: 0...40, using: &random)))
        let override: Override? = Gate.allCases.randomElement(using: &random).flatMap { Bool.random(using: &random) ? .gate($0) : nil }
        switch Int.random(in: 0..<19, using: &random) {
        case 0: arrive(time, kilograms: .string(String(Int.random(in: 40...90, using: &random))))
        case 1: insert(time, override: override)
        case 2: record(.ivRemoved, time, ["site": "forearm", "side": "left", "intact": true])
        case 3, 4: start(time, rate, bolus: Bool.random(using: &random) ? "5" : nil, override: override)
        case 5, 6: adjust(time, "10", rate, override: override)
        case 7: stop(time)
        case 8, 9: vitals(time, recorded: Bool.random(using: &random) ? "2026-03-12" : nil)
        case 10: vitals(time, data: ["pain_nrs": 4, "absent": ["heart_rate": "cuff off"]])
        case 11: record(.sideEffectObserved, time, ["effect": "nausea", "grade": 2, "relatedness": "probable", "action": "none"])
        case 12: score(time, Int.random(in: 7...9, using: &random))
        case 13: driver(time, Bool.random(using: &random) ? "release" : "expected", adult: Bool.random(using: &random))
        case 14: if Bool.random(using: &random) { order(time) } else { discharge(time, override: override) }
        case 15: if Bool.random(using: &random) { withdraw(time) } else { consent(time) }
        default: correctSomething(time, &random)
        }
    }

    /// Voids or amends any event, corrections too, also in vain.
    private mutating func correctSomething(_ time: String, _ random: inout SplitMix) {
        guard let (stream, events) = events.sorted(by: { $0.key.description < $1.key.description }).randomElement(using: &random),
            let target = events.randomElement(using: &random)
        else { return }
        let actor = ["nia", "petra", "ghost"].randomElement(using: &random) ?? "nia"
        if Bool.random(using: &random) {
            void(target.id, time, on: stream, by: actor)
        } else {
            let other = events.filter { $0.body.type == target.body.type }.randomElement(using: &random) ?? target
            amend(target.id, at: time, on: stream, by: actor, other.body.data)
        }
    }
}

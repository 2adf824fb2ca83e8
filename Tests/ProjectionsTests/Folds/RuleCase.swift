import Canonical
import Clinic
import Foundation

@testable import Projections

/// One history on which a rule comes to a verdict.
struct RuleCase: Sendable, CustomStringConvertible {
    let rule: String
    let verdict: Verdict
    let stream: StreamID
    let scenario: Scenario
    /// When the last event is known to have been recorded; nil for the scenario's own.
    let asOf: Timestamp?

    init(_ rule: String, _ verdict: Verdict, on stream: StreamID = .session(Scenario.session), asOf: String? = nil, _ scenario: Scenario) {
        self.rule = rule
        self.verdict = verdict
        self.stream = stream
        self.scenario = scenario
        self.asOf = asOf.map(Timestamp.of)
    }

    var finding: Finding { scenario.judge(rule, stream, asOf: asOf) }
    var description: String { "\(rule) \(verdict.rawValue)" }
}

extension Scenario {
    /// A whole day, of which a test changes a part.
    struct Day {
        var fasting = Scenario.fasting
        var baseline: [String: JSON]? = Scenario.full
        /// Vitals every five minutes from 09:35 to 09:55.
        var during: (inout Scenario) -> Void = { $0.vitals(from: "09:35", to: "09:55", every: 5) }
        var before: (inout Scenario) -> Void = { _ in }
        /// Between the stop at 10:00 and the discharge.
        var recovery: (inout Scenario) -> Void = { _ in }
        var after: [String: JSON]? = Scenario.full
        var score: Int? = 9
        var removes = true
        var driver = true
        var order = true
        var discharge: String? = "10:35"
    }

    static func day(_ change: (inout Day) -> Void = { _ in }) -> Scenario {
        var day = Day()
        change(&day)
        var scenario = Scenario(arrived: false)
        scenario.arrive(fasting: day.fasting)
        day.before(&scenario)
        if let baseline = day.baseline { scenario.vitals("09:25", "baseline", data: baseline) }
        scenario.insert()
        scenario.start()
        day.during(&scenario)
        scenario.stop()
        if let after = day.after { scenario.vitals("10:05", "recovery", data: after) }
        if let score = day.score { scenario.score("10:20", score) }
        if day.removes { scenario.removeIV() }
        if day.driver { scenario.driver() }
        if day.order { scenario.order() }
        day.recovery(&scenario)
        if let discharge = day.discharge { scenario.discharge(discharge) }
        return scenario
    }

    /// A note by a prescriber that opens a gate.
    @discardableResult
    mutating func open(_ gate: Gate, _ time: String = "09:10", by actor: String = "petra") -> UUID {
        record(.noteRecorded, on: .session(Scenario.session), time, by: actor, override: .gate(gate), ["text": "Seen and decided."])
    }

    @discardableResult
    mutating func waive(_ rule: String, _ from: String, _ to: String, by actor: String = "petra") -> UUID {
        record(
            .waiverNoted, "09:28", by: actor,
            [
                "rule": .string(rule), "reason": "Asleep", "from": .string(Timestamp.of(from).description),
                "to": .string(Timestamp.of(to).description),
            ])
    }

    /// A patient of whom nothing but the erasure is left.
    static func erased(lastCareOn: String = "2018-03-10", legalOrder: Bool = false) -> Scenario {
        var scenario = Scenario()
        scenario.record(
            .payloadErased, on: .patient(Scenario.patient), "12:00", by: "petra",
            [
                "patient": .id(Scenario.patient), "authority": "Retention ended", "legal_order": .bool(legalOrder),
                "approved_by": ["petra", "dora"], "last_care_on": .string(lastCareOn), "retained_through": 2025,
                "positions": [["from": 1, "to": 9]],
            ])
        return scenario
    }

    // MARK: The access log

    static let accessed = StreamID.access(patient)

    @discardableResult
    mutating func read(_ time: String = "12:00", by actor: String = "nia") -> UUID {
        record(.chartRead, on: Self.accessed, time, by: actor, ["patient": .id(Self.patient), "resource": "chart", "purpose": "treatment"])
    }

    @discardableResult
    mutating func breakGlass(_ time: String = "2026-03-10T12:00", by actor: String = "nia") -> UUID {
        record(.breakGlassInvoked, on: Self.accessed, time, by: actor, ["patient": .id(Self.patient), "reason": "Collapsed in the hall"])
    }

    @discardableResult
    mutating func review(_ invocation: UUID, _ time: String, by actor: String = "petra") -> UUID {
        record(.breakGlassReviewed, on: Self.accessed, time, by: actor, ["invocation": .id(invocation), "outcome": "justified"])
    }

    @discardableResult
    mutating func disclose(_ time: String = "12:00") -> UUID {
        record(
            .disclosureMade, on: Self.accessed, time, by: "dora",
            ["patient": .id(Self.patient), "recipient": "Elm Insurance", "description": "Session of 10 March", "purpose": "Payment"])
    }
}

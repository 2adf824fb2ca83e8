import Canonical
import Clinic
import Foundation

@testable import Projections

extension RuleCase {
    /// For each rule, a history for each verdict that it can come to. D2 to D7 have theirs in `DrugRuleTests`, A1 in `RuleVerdictTests`.
    static let all: [RuleCase] = monitoring + preparation + leaving + record + access + everywhere

    private static func scenario(_ build: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario()
        build(&scenario)
        return scenario
    }

    /// Every rule on a session that has an infusion: it passes on a good day, waits on an open one, and does not apply where nothing was given.
    private static var everywhere: [RuleCase] {
        let infusing = ["M1", "M2", "M3", "M4", "P1", "P2", "P3", "D1", "X1", "X2", "X3", "X4", "X5", "X6", "C1", "C2"]
        return infusing.flatMap { rule in
            [
                RuleCase(rule, .pass, .day()), RuleCase(rule, .indeterminate, .day { $0.discharge = nil }),
                RuleCase(rule, .notApplicable, scenario { $0.discharge() }),
            ]
        }
    }

    private static var monitoring: [RuleCase] {
        let gap: (inout Scenario) -> Void = { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            scenario.vitals("09:55")
        }
        func waived(_ rule: String) -> Scenario {
            .day {
                $0.before = { $0.waive(rule, "09:40", "09:55") }
                $0.during = gap
            }
        }
        return [
            RuleCase("M1", .fail, .day { $0.during = gap }), RuleCase("M1", .overridden, waived("M1")),
            RuleCase("M2", .fail, .day { $0.during = gap }), RuleCase("M2", .overridden, waived("M2")),
            RuleCase("M3", .fail, .day { $0.after = nil }),
            RuleCase("M4", .fail, .day { $0.before = { $0.enrol("nia", "nurse", at: "2026-02-01", acls: "2026-03-09") } }),
        ]
    }

    private static var preparation: [RuleCase] {
        func opened(_ gate: Gate, _ change: @escaping (inout Scenario) -> Void) -> Scenario {
            .day {
                $0.before = { scenario in
                    change(&scenario)
                    scenario.open(gate, "09:15")
                }
            }
        }
        let deferred: (inout Scenario) -> Void = { $0.consult("09:10", "deferred") }
        let pregnant: (inout Scenario) -> Void = {
            $0.record(.preInfusionAssessed, "09:12", ["pain_nrs": 6, "oriented": true, "pregnancy_test": "positive"])
        }
        let withdrawn: (inout Scenario) -> Void = { $0.withdraw("09:12") }
        return [
            RuleCase("P1", .fail, .day { $0.before = deferred }), RuleCase("P1", .overridden, opened(.candidacy, deferred)),
            RuleCase("P2", .fail, .day { $0.fasting = ["last_light_meal_at": "05:00"] }),
            RuleCase(
                "P2", .overridden,
                .day {
                    $0.fasting = ["last_light_meal_at": "05:00"]
                    $0.before = { $0.open(.fasting) }
                }),
            RuleCase("P3", .fail, .day { $0.before = pregnant }), RuleCase("P3", .overridden, opened(.contraindication, pregnant)),
            RuleCase("C1", .fail, .day { $0.before = withdrawn }), RuleCase("C1", .overridden, opened(.consent, withdrawn)),
            RuleCase("C2", .fail, .day { $0.before = { $0.consent("09:05", digest: String(repeating: "b", count: 64)) } }),
            RuleCase("D1", .fail, .day { $0.during = { $0.adjust("09:40", "20", "40") } }),
            RuleCase("D1", .overridden, .day { $0.during = { $0.adjust("09:40", "20", "40", override: .gate(.dose)) } }),
        ]
    }

    private static var leaving: [RuleCase] {
        func left(_ gate: Gate, _ change: @escaping (inout Scenario.Day) -> Void) -> [Scenario] {
            [
                .day(change),
                .day { day in
                    change(&day)
                    // Opened long before, by another event of the session.
                    day.recovery = { $0.open(gate, "10:27") }
                },
            ]
        }
        let cases: [(String, [Scenario])] = [
            ("X1", left(.score) { $0.score = 8 }), ("X2", left(.order) { $0.order = false }), ("X3", left(.driver) { $0.driver = false }),
            ("X5", left(.recoveryTime) { $0.discharge = "10:29" }), ("X6", left(.ivIn) { $0.removes = false }),
        ]
        return cases.flatMap { rule, days in [RuleCase(rule, .fail, days[0]), RuleCase(rule, .overridden, days[1])] }
    }

    private static var record: [RuleCase] {
        func corrected(by actor: String) -> Scenario {
            scenario { scenario in
                let score = scenario.score("10:20", 9)
                scenario.discharge()
                scenario.void(score, by: actor)
            }
        }
        return [
            RuleCase("A2", .pass, corrected(by: "nia")), RuleCase("A2", .fail, corrected(by: "dora")),
            RuleCase("A2", .notApplicable, .day()), RuleCase("A2", .indeterminate, Scenario()), RuleCase("A3", .pass, .day()),
            RuleCase(
                "A3", .fail,
                scenario {
                    $0.vitals("09:25", "baseline", recorded: "2026-03-11T09:25:00.000001")
                }), RuleCase("A3", .indeterminate, Scenario()),
            RuleCase("A3", .notApplicable, on: .patient(Scenario.patient), voidedPatient),
            RuleCase("A8", .notApplicable, on: .patient(Scenario.patient), .day()),
            RuleCase("A8", .pass, on: .patient(Scenario.patient), .erased()),
            RuleCase("A8", .fail, on: .patient(Scenario.patient), .erased(lastCareOn: "2020-03-10")),
            RuleCase("A8", .overridden, on: .patient(Scenario.patient), .erased(lastCareOn: "2020-03-10", legalOrder: true)),
        ]
    }

    /// All that was charted of the patient has been voided.
    private static var voidedPatient: Scenario {
        scenario { scenario in
            for event in scenario.events[.patient(Scenario.patient)] ?? [] {
                scenario.void(event.id, on: .patient(Scenario.patient), by: "petra")
            }
        }
    }

    private static var access: [RuleCase] {
        func cases(_ rule: String, _ verdict: Verdict, asOf: String? = nil, _ build: (inout Scenario) -> Void) -> RuleCase {
            RuleCase(rule, verdict, on: Scenario.accessed, asOf: asOf, scenario(build))
        }
        return [
            cases("A4", .pass) { $0.read() }, cases("A4", .fail) { $0.read(by: "ghost") }, cases("A4", .notApplicable) { $0.disclose() },
            cases("A5", .pass) { $0.review($0.breakGlass(), "2026-03-13T12:00") },
            cases("A5", .fail) { $0.review($0.breakGlass(), "2026-03-13T12:00:00.000001") },
            cases("A5", .indeterminate, asOf: "2026-03-13T12:00") { $0.breakGlass() }, cases("A5", .notApplicable) { $0.read() },
            cases("A6", .pass) { $0.disclose() }, cases("A6", .notApplicable) { $0.read() },
        ]
    }
}

import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

/// Overrides that stand for a session, waivers that cover a span, and the limits of the rules that came with them.
@Suite struct OverrideRuleTests {
    @Test func onlyAPrescribersOverrideCounts() {
        let byNurse = Scenario.day {
            $0.driver = false
            $0.recovery = { $0.open(.driver, "10:27", by: "nia") }
        }.judge("X3")
        #expect(byNurse.verdict == .fail)
        let late = Scenario.day { day in day.driver = false }
        var after = late
        after.open(.driver, "10:36")
        #expect(after.judge("X3").verdict == .fail, "made after the discharge")
        let named = Scenario.day {
            $0.driver = false
            $0.recovery = { $0.open(.driver, "10:27") }
        }.judge("X3")
        #expect(named.sentence == "No driver confirmed at release before discharge at 10:35; gate driver overridden by petra at 10:27")
        #expect(named.deciding.map(\.type) == [.noteRecorded, .discharged])
    }

    @Test func twoGatesNeedTwoOverrides() {
        func day(_ gates: Gate...) -> Finding {
            Scenario.day {
                $0.removes = false
                $0.recovery = { scenario in
                    scenario.record(
                        .sideEffectObserved, "10:10", ["effect": "agitation", "grade": 3, "relatedness": "probable", "action": "none"])
                    for gate in gates { scenario.open(gate, "10:27") }
                }
            }.judge("X6")
        }
        #expect(day().verdict == .fail)
        #expect(day(.ivIn).verdict == .fail)
        #expect(day(.sideEffectOpen).verdict == .fail)
        let both = day(.ivIn, .sideEffectOpen)
        #expect(both.verdict == .overridden)
        #expect(both.sentence.contains("gate iv_in overridden by petra at 10:27 and gate side_effect_open overridden by petra at 10:27"))
    }

    @Test func consentWithdrawnAfterTheOverrideFails() {
        let fallen = Scenario.day {
            $0.before = { scenario in
                scenario.open(.consent, "09:10")
                scenario.withdraw("09:12")
            }
        }
        #expect(fallen.judge("C1").verdict == .fail)
    }

    @Test(arguments: [
        ("09:40", "09:55", Verdict.overridden), ("09:45", "09:55", .overridden), ("09:45:00.000001", "09:55", .fail),
        ("09:42", "09:52", .overridden),
    ])
    func aWaiverCoversWhatItNames(_ from: String, _ to: String, _ verdict: Verdict) {
        let finding = Scenario.day {
            $0.before = { $0.waive("M1", from, to) }
            $0.during = { scenario in
                scenario.vitals(from: "09:35", to: "09:40", every: 5)
                scenario.vitals("09:55")
            }
        }.judge("M1")
        #expect(finding.verdict == verdict, "5 min may stay uncovered: \(finding.sentence)")
    }

    @Test func aWaiverOfAnotherRuleOrByANurseCoversNothing() {
        for (rule, actor) in [("M2", "petra"), ("M1", "nia")] {
            let finding = Scenario.day {
                $0.before = { $0.waive(rule, "09:30", "10:00", by: actor) }
                $0.during = { _ in }
            }.judge("M1")
            #expect(finding.verdict == .fail)
        }
    }

    // MARK: Limits

    @Test(arguments: [
        ("last_clear_liquid_at", "07:30", true), ("last_clear_liquid_at", "07:30:00.000001", false), ("last_light_meal_at", "03:30", true),
        ("last_light_meal_at", "03:30:00.000001", false), ("last_heavy_meal_at", "01:30", true),
        ("last_heavy_meal_at", "01:30:00.000001", false),
    ])
    func fastingIsMeasuredToTheMicrosecond(_ field: String, _ time: String, _ passes: Bool) {
        #expect(Scenario.day { $0.fasting = [field: time] }.judge("P2").verdict == (passes ? .pass : .fail))
    }

    @Test func withoutAnyTimeNobodyKnowsOfFasting() {
        let finding = Scenario.day { $0.fasting = [:] }.judge("P2")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "No time of a last liquid or meal is charted before the start at 09:30")
    }

    @Test(arguments: [
        (96, 76, true), (95, 76, false), (144, 76, true), (145, 76, false), (120, 61, true), (120, 60, false), (120, 92, false),
    ])
    func bloodPressureReturnsWithinThePercentage(_ systolic: Int64, _ diastolic: Int64, _ passes: Bool) {
        let finding = Scenario.day {
            $0.after = ["heart_rate": 70, "systolic_mmhg": .number(JSONNumber(systolic)), "diastolic_mmhg": .number(JSONNumber(diastolic))]
        }.judge("X6")
        #expect(finding.verdict == (passes ? .pass : .fail), "\(finding.sentence)")
    }

    @Test func etco2StandsBesideDeepSedation() {
        func day(_ moaas: Int64, _ etco2: Bool) -> Finding {
            Scenario.day {
                $0.during = { scenario in
                    scenario.vitals("09:35")
                    var data = Scenario.full
                    data["moaas"] = .number(JSONNumber(moaas))
                    if etco2 { data["etco2_mmhg"] = 38 }
                    scenario.vitals("09:40", data: data)
                    scenario.vitals(from: "09:45", to: "09:55", every: 5)
                }
            }.judge("M2")
        }
        #expect(day(4, false).verdict == .pass)
        #expect(day(3, true).verdict == .pass)
        #expect(day(3, false).verdict == .fail)
        #expect(day(3, false).sentence == "No EtCO2 at 09:40 with MOAA/S 3; policy 2026-1")
    }

    @Test func papersAreCurrentOnTheirLastDay() {
        func day(licence: String?, acls: String?, required: Bool = true) -> Finding {
            Scenario.day {
                $0.before = { scenario in
                    scenario.enrol("nia", "nurse", at: "2026-02-01", licence: licence, acls: acls)
                    if !required { scenario.adopt("2026-1b", from: "2026-03-01", ["acls_required": false]) }
                }
            }.judge("M4")
        }
        #expect(day(licence: "2026-03-10", acls: "2026-03-10").verdict == .pass)
        #expect(day(licence: "2026-03-09", acls: "2026-12-31").sentence.hasSuffix("the licence of nia ended on 2026-03-09"))
        #expect(day(licence: nil, acls: "2026-12-31").verdict == .fail)
        #expect(day(licence: "2026-12-31", acls: nil).verdict == .fail)
        #expect(day(licence: "2026-12-31", acls: nil, required: false).verdict == .pass)
    }

    @Test func aPrescribersExemptionIsAsGoodAsADriver() {
        func day(by staff: String, _ time: String = "10:26") -> Finding {
            Scenario.day {
                $0.driver = false
                $0.recovery = { $0.record(.driverExempted, time, by: "petra", ["reason": "Lives next door", "by": .string(staff)]) }
            }.judge("X3")
        }
        #expect(day(by: "petra").verdict == .pass)
        #expect(day(by: "petra").sentence == "Exempted from a driver by petra at 10:26, discharged at 10:35")
        #expect(day(by: "nia").verdict == .fail)
        #expect(day(by: "petra", "10:36").verdict == .fail)
    }

    @Test func aHandleOfTwoPeopleIsNoPersonalAccount() {
        var scenario = Scenario()
        scenario.enrol("desk", "front_desk", at: "2026-01-03", name: "Dora Elm")
        scenario.enrol("desk", "front_desk", at: "2026-01-04", name: "Dan Oak")
        scenario.read(by: "desk")
        let finding = scenario.judge("A4", Scenario.accessed)
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Under no personal account: the read of 2026-03-10 12:00 by desk, a handle of 2 people")
    }

    @Test func breakGlassWaitsForItsDeadline() {
        var scenario = Scenario()
        let opened = scenario.breakGlass()
        let waiting = scenario.judge("A5", Scenario.accessed, asOf: .of("2026-03-13T12:00"))
        #expect(waiting.verdict == .indeterminate && waiting.reconsiderAt == .of("2026-03-13T12:00"))
        #expect(scenario.judge("A5", Scenario.accessed, asOf: .of("2026-03-13T12:00:00.000001")).verdict == .fail)
        scenario.review(opened, "2026-03-11", by: "nia")
        #expect(scenario.judge("A5", Scenario.accessed, asOf: .of("2026-03-14")).verdict == .fail, "nobody reviews their own")
        scenario.review(opened, "2026-03-12", by: "petra")
        #expect(scenario.judge("A5", Scenario.accessed, asOf: .of("2026-03-14")).verdict == .pass)
    }
}

import Canonical
import Clinic
import Testing

@testable import Projections

@Suite struct DischargeRuleTests {
    /// An infusion from 09:30 to 10:00, then what the test adds.
    private func stopped(_ then: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario()
        scenario.insert()
        scenario.start()
        scenario.stop()
        then(&scenario)
        return scenario
    }

    @Test(arguments: ["X1", "X2", "X3", "X5"])
    func passesOnAnUneventfulDay(_ rule: String) {
        #expect(Scenario.uneventful().judge(rule).verdict == .pass)
    }

    @Test(arguments: ["X1", "X2", "X3", "X5"])
    func waitsForTheDischarge(_ rule: String) {
        let finding = stopped { _ in }.judge(rule)
        #expect(finding.verdict == .indeterminate)
        #expect(finding.deciding.isEmpty)
    }

    @Test(arguments: ["X1", "X2", "X3", "X5"])
    func doesNotApplyWithoutAnInfusion(_ rule: String) {
        var scenario = Scenario()
        scenario.discharge()
        #expect(scenario.judge(rule).verdict == .notApplicable)
    }

    // MARK: X1

    @Test func theLastScoreBeforeDischargeDecides() {
        let low = stopped { scenario in
            scenario.score("10:10", 9)
            scenario.score("10:20", 8)
            scenario.discharge()
            scenario.score("10:40", 9)
        }.judge("X1")
        #expect(low.verdict == .fail)
        #expect(low.sentence == "The last Aldrete score 8 at 10:20 was too low for discharge at 10:35; policy 2026-1 asks for 9")
        #expect(low.deciding.map(\.type) == [.recoveryScored, .discharged])
        let exact = stopped { scenario in
            scenario.score("10:35", 9)
            scenario.discharge()
        }.judge("X1")
        #expect(exact.verdict == .pass)
        #expect(stopped { $0.discharge() }.judge("X1").sentence == "No recovery score before discharge at 10:35; policy 2026-1 asks for 9")
        #expect(stopped { $0.discharge(override: .gate(.score)) }.judge("X1").verdict == .overridden)
        #expect(stopped { $0.discharge(override: .gate(.driver)) }.judge("X1").verdict == .fail)
    }

    @Test func theScoreThatThePolicyAsksForCounts() {
        var scenario = stopped { scenario in
            scenario.score("10:20", 8)
            scenario.discharge()
        }
        scenario.adopt("2026-0", from: "2026-03-10T08:00", ["recovery_score_min": 8])
        #expect(scenario.judge("X1").verdict == .pass)
        #expect(scenario.judge("X1").policyVersion == "2026-0")
    }

    @Test func anAmendedScoreChangesTheVerdict() {
        var score = uuid(0)
        var scenario = stopped { scenario in
            score = scenario.score("10:20", 8)
            scenario.discharge()
        }
        scenario.amend(
            score,
            [
                "scale": "aldrete", "total": 9,
                "items": ["activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": 1],
            ])
        #expect(scenario.judge("X1").verdict == .pass)
    }

    // MARK: X2

    @Test func theOrderComesBeforeTheDischarge() {
        #expect(
            stopped { scenario in
                scenario.order("10:35")
                scenario.discharge()
            }.judge("X2").verdict == .pass, "at the same time")
        let late = stopped { scenario in
            scenario.discharge()
            scenario.order("10:36")
        }.judge("X2")
        #expect(late.verdict == .fail)
        #expect(late.sentence == "No discharge order before discharge at 10:35")
    }

    @Test func theOrderIsAPrescribers() {
        let finding = stopped { scenario in
            scenario.order(by: "nia")
            scenario.discharge()
        }.judge("X2")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "The discharge order at 10:28 is by nia, who was no prescriber then")
    }

    // MARK: X3

    @Test func theDriverIsAnAdultAndThereAtRelease() {
        let cases: [(stage: String, adult: Bool, verdict: Verdict)] = [
            ("release", true, .pass), ("release", false, .fail), ("expected", true, .fail),
        ]
        for (stage, adult, verdict) in cases {
            let finding = stopped { scenario in
                scenario.driver("10:30", stage, adult: adult)
                scenario.discharge()
            }.judge("X3")
            #expect(finding.verdict == verdict, "\(stage) \(adult)")
        }
        let overridden = stopped { $0.discharge(override: .gate(.driver)) }.judge("X3")
        #expect(overridden.verdict == .overridden)
        #expect(overridden.sentence == "No driver confirmed at release before discharge at 10:35; gate driver overridden by petra at 10:35")
    }

    @Test func noDriverIsNamed() {
        #expect(!Scenario.uneventful().judge("X3").sentence.contains("Rui"))
    }

    // MARK: X5

    @Test(arguments: [("10:30", Verdict.pass, "30 min"), ("10:29:59.999999", .fail, "29 min 59 s"), ("10:35", .pass, "35 min")])
    func recoveryIsMeasuredExactly(_ time: String, _ verdict: Verdict, _ words: String) {
        let finding = stopped { $0.discharge(time) }.judge("X5")
        #expect(finding.verdict == verdict)
        #expect(finding.sentence.hasPrefix("Discharged \(words) after the stop (10:00–"))
        #expect(finding.deciding.map(\.type) == [.infusionStopped, .discharged])
    }

    @Test func recoveryStartsAtTheLastStop() {
        let finding = stopped { scenario in
            scenario.start("10:05")
            scenario.stop("10:15")
            scenario.discharge("10:40")
        }.judge("X5")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Discharged 25 min after the stop (10:15–10:40); policy 2026-1 asks for 30")
    }

    @Test func aVoidedStopFails() {
        var stop = uuid(0)
        var scenario = Scenario()
        scenario.start()
        stop = scenario.stop()
        scenario.discharge()
        scenario.void(stop)
        #expect(scenario.judge("X5").verdict == .fail)
    }
}

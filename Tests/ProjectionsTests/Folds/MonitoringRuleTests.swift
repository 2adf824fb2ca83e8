import Canonical
import Clinic
import Testing

@testable import Projections

@Suite struct VitalsDuringInfusionTests {
    /// IV, vitals before, a start at 09:30; then what the test adds; then the way to discharge from a stop at 10:00.
    private func session(_ during: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario()
        scenario.vitals("09:25", "baseline")
        scenario.insert()
        scenario.start()
        during(&scenario)
        scenario.stop()
        scenario.vitals("10:05", "recovery")
        scenario.score()
        scenario.driver()
        scenario.order()
        scenario.discharge()
        return scenario
    }

    @Test func aGapOfExactlyTheLimitPasses() {
        let finding = session { $0.vitals(from: "09:35", to: "09:55", every: 5) }.judge("M1")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Heart rate and blood pressure at most 5 min apart; policy 2026-1 allows 5")
        #expect(finding.deciding.map(\.type) == [.infusionStarted, .infusionStopped])
        #expect(finding.policyVersion == "2026-1")
    }

    @Test func aMicrosecondMoreFailsAndDoesNotReadLikeTheLimit() {
        let finding = session { scenario in
            scenario.vitals("09:35:00.000001")
            scenario.vitals(from: "09:40", to: "09:55", every: 5)
        }.judge("M1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "No heart rate and blood pressure for 5 min 1 s (09:30–09:35); policy 2026-1 allows 5")
    }

    @Test func aGapIsNamedWithBothItsEnds() {
        var (first, second) = (uuid(0), uuid(0))
        let finding = session { scenario in
            first = scenario.vitals("09:35")
            second = scenario.vitals("09:46")
            scenario.vitals(from: "09:51", to: "09:56", every: 5)
        }.judge("M1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "No heart rate and blood pressure for 11 min (09:35–09:46); policy 2026-1 allows 5")
        #expect(finding.deciding.map(\.event) == [first, second])
        #expect(finding.decidedAt == .of("09:30"), "the policy at the start applies")
    }

    @Test func theWaysFromStartAndToStopCount() {
        let late = session { $0.vitals(from: "09:36", to: "09:56", every: 5) }.judge("M1")
        #expect(late.sentence.contains("for 6 min (09:30–09:36)"))
        let early = session { $0.vitals(from: "09:35", to: "09:50", every: 5) }.judge("M1")
        #expect(early.sentence.contains("for 10 min (09:50–10:00)"))
        #expect(early.deciding.map(\.type) == [.vitalsRecorded, .infusionStopped])
    }

    @Test func severalGapsAreListedAndThenCounted() {
        let finding = session { $0.vitals(from: "09:36", to: "09:54", every: 6) }.judge("M1")
        #expect(
            finding.sentence.hasPrefix(
                "No heart rate and blood pressure for 6 min (09:30–09:36), 6 min (09:36–09:42), 6 min (09:42–09:48) and 2 more;"))
    }

    @Test(arguments: ["heart_rate", "systolic_mmhg", "diastolic_mmhg"])
    func aSetWithoutOneOfTheThreeDoesNotCount(_ missing: String) {
        let finding = session { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            scenario.vitals("09:45", data: Scenario.full.filter { $0.key != missing })
            scenario.vitals(from: "09:50", to: "09:55", every: 5)
        }.judge("M1")
        #expect(finding.sentence.contains("for 10 min (09:40–09:50)"))
    }

    @Test func aPauseCounts() {
        let finding = session { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            scenario.adjust("09:41", "20", "0", "pause")
            scenario.adjust("09:54", "0", "20", "resume")
            scenario.vitals("09:55")
        }.judge("M1")
        #expect(finding.sentence.contains("for 15 min (09:40–09:55)"))
    }

    @Test func theTimeBetweenTwoInfusionsDoesNotCount() {
        let finding = session { scenario in
            scenario.stop("09:34")
            scenario.start("09:57")
        }.judge("M1")
        #expect(finding.verdict == .pass)
    }

    @Test func thePolicyAtTheStartApplies() {
        var scenario = Scenario()
        scenario.adopt("2026-2", from: "2026-03-01", ["vitals_gap_min": 15])
        scenario.adopt("2026-3", from: "09:40", ["vitals_gap_min": 2])
        scenario.insert()
        scenario.start()
        scenario.vitals("09:45")
        scenario.stop()
        scenario.discharge()
        let finding = scenario.judge("M1")
        #expect(finding.verdict == .pass)
        #expect(finding.policyVersion == "2026-2")
    }

    @Test func aVoidedSetLeavesAGap() {
        var set = uuid(0)
        var scenario = session { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            set = scenario.vitals("09:45")
            scenario.vitals(from: "09:50", to: "09:55", every: 5)
        }
        let before = scenario.position
        scenario.void(set)
        #expect(scenario.judge("M1").verdict == .fail)
        #expect(scenario.judge("M1", position: before).verdict == .pass, "as known before the correction")
    }

    @Test func anAmendmentMendsASetInItsPlace() {
        var set = uuid(0)
        var scenario = session { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            set = scenario.vitals("09:45", data: ["heart_rate": 72])
            scenario.vitals(from: "09:50", to: "09:55", every: 5)
        }
        #expect(scenario.judge("M1").verdict == .fail)
        scenario.amend(set, ["phase": "infusion", "source": "manual", "heart_rate": 72, "systolic_mmhg": 118, "diastolic_mmhg": 70])
        #expect(scenario.judge("M1").verdict == .pass)
    }

    @Test func aLateEntryFillsAGap() {
        var scenario = session { scenario in
            scenario.vitals(from: "09:35", to: "09:40", every: 5)
            scenario.vitals(from: "09:50", to: "09:55", every: 5)
        }
        #expect(scenario.judge("M1").verdict == .fail)
        scenario.vitals("09:45", recorded: "12:00")
        #expect(scenario.judge("M1").verdict == .pass)
    }

    @Test func withoutAnInfusionItDoesNotApply() {
        var scenario = Scenario()
        scenario.discharge("09:30")
        #expect(scenario.judge("M1").verdict == .notApplicable)
    }

    @Test func whileItRunsOnlyACertainGapFails() {
        var scenario = Scenario()
        scenario.insert()
        scenario.start()
        scenario.vitals("09:35")
        #expect(scenario.judge("M1").verdict == .indeterminate)
        #expect(scenario.judge("M1").sentence.hasPrefix("The session is open. So far: "))
        scenario.adjust("09:45", "20", "22")
        let finding = scenario.judge("M1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("for 10 min (09:35–09:45)"))
    }
}

@Suite struct VitalsAroundInfusionTests {
    private func session(before: String?, after: String?, discharged: Bool = true) -> Scenario {
        var scenario = Scenario()
        if let before { scenario.vitals(before, "baseline") }
        scenario.insert()
        scenario.start()
        scenario.vitals(from: "09:35", to: "09:55", every: 5)
        scenario.stop()
        if let after { scenario.vitals(after, "recovery") }
        if discharged { scenario.discharge() }
        return scenario
    }

    @Test func passesWithASetBeforeAndAfter() {
        let finding = session(before: "09:25", after: "10:05").judge("M3")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Vitals at 09:25 before the start at 09:30, and at 10:05 after the stop at 10:00")
        #expect(finding.deciding.map(\.type) == [.vitalsRecorded, .infusionStarted, .infusionStopped, .vitalsRecorded])
    }

    @Test(arguments: [("09:15", true), ("09:14:59.999999", false), ("09:30", true)])
    func theWindowBeforeTheStartIsExact(_ time: String, _ passes: Bool) {
        #expect(session(before: time, after: "10:05").judge("M3").verdict == (passes ? .pass : .fail))
    }

    @Test func staleVitalsAreNamed() {
        let finding = session(before: "09:10", after: "10:05").judge("M3")
        #expect(
            finding.sentence
                == "No heart rate and blood pressure in the 15 min before the start at 09:30; the last were at 09:10; policy 2026-1")
    }

    @Test(arguments: [(nil, false), ("10:00", false), ("10:00:00.000001", true), ("10:35", true), ("10:36", false)])
    func afterMeansAfterTheStopAndBeforeTheWayHome(_ time: String?, _ passes: Bool) {
        let finding = session(before: "09:25", after: time).judge("M3")
        #expect(finding.verdict == (passes ? .pass : .fail))
    }

    @Test func whileOpenOnlyTheTimeBeforeIsCertain() {
        #expect(session(before: "09:25", after: nil, discharged: false).judge("M3").verdict == .indeterminate)
        #expect(session(before: nil, after: nil, discharged: false).judge("M3").verdict == .fail)
    }

    @Test func withoutAnInfusionItDoesNotApply() {
        var scenario = Scenario()
        scenario.discharge()
        #expect(scenario.judge("M3").verdict == .notApplicable)
    }
}

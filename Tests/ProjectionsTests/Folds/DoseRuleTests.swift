import Canonical
import Clinic
import Testing

@testable import Projections

/// 60 kg; the plan allows 0.5 mg/kg (30 mg) and 0.5 mg/kg/h (30 mg/h), and no bolus.
@Suite struct DoseWithinPlanTests {
    private func closed(_ during: (inout Scenario) -> Void) -> Finding {
        var scenario = Scenario()
        scenario.insert()
        during(&scenario)
        scenario.discharge("14:00")
        return scenario.judge("D1")
    }

    @Test func exactlyTheLimitsPass() {
        let finding = closed { scenario in
            scenario.start("09:30", "30")
            scenario.stop("10:30")
        }
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "30 mg given (0.5 mg/kg) at up to 30 mg/h; the plan allows 0.5 mg/kg and 0.5 mg/kg/h")
        #expect(finding.deciding.map(\.type) == [.treatmentPlanned, .infusionStarted])
    }

    @Test func aRateAboveFails() {
        let finding = closed { scenario in
            scenario.start("09:30", "20")
            scenario.adjust("09:40", "20", "30.001")
            scenario.stop("10:00")
        }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Past the plan: at 09:40 30.001 mg/h, more than 0.5 mg/kg/h at 60 kg")
        #expect(finding.deciding.map(\.type) == [.treatmentPlanned, .doseAdjusted])
    }

    @Test func theDoseOfTheSessionCounts() {
        let second = closed { scenario in
            scenario.start("09:30", "30")
            scenario.stop("10:00")
            scenario.start("10:10", "30")
            scenario.stop("10:40:00.2")
        }
        #expect(second.verdict == .fail, "two runs together")
        #expect(second.sentence.contains("brought the dose to 30.002 mg, more than 0.5 mg/kg at 60 kg"))
        let pause = closed { scenario in
            scenario.start("09:30", "30")
            scenario.adjust("10:30", "30", "0", "pause")
            scenario.stop("11:30")
        }
        #expect(pause.verdict == .pass, "a pause gives nothing")
    }

    @Test func aBolusNeedsAPlanForIt() {
        let none = closed { scenario in
            scenario.start("09:30", "20", bolus: "5")
            scenario.stop()
        }
        #expect(none.verdict == .fail)
        #expect(none.sentence.contains("a bolus of 5 mg, which the plan doesn't allow"))
        for (bolus, verdict) in [("6", Verdict.pass), ("6.001", .fail)] {
            let finding = closed { scenario in
                scenario.plan("2026-02-20", bolus: "0.1")
                scenario.start("09:30", "20", bolus: .string(bolus))
                scenario.stop()
            }
            #expect(finding.verdict == verdict)
        }
    }

    private func bolus(_ scenario: inout Scenario, _ time: String, _ dose: JSON, by orderedBy: String = "petra", override: Override? = nil)
    {
        scenario.record(
            .bolusGiven, time, by: override == nil ? "nia" : "petra", override: override,
            ["dose_mg": .decimal(dose), "over_min": 1, "reason": "Pain.", "ordered_by": .string(orderedBy)])
    }

    @Test(arguments: [("6", Verdict.pass), ("6.001", .fail)]) func aBolusInBetweenIsHeldToThePlan(dose: String, verdict: Verdict) {
        let finding = closed { scenario in
            scenario.plan("2026-02-20", bolus: "0.1")
            scenario.start("09:30", "20")
            bolus(&scenario, "09:40", .string(dose))
            scenario.stop("10:00")
        }
        #expect(finding.verdict == verdict)
        if verdict == .fail {
            #expect(finding.sentence == "Past the plan: at 09:40 a bolus of 6.001 mg, more than 0.1 mg/kg at 60 kg")
            #expect(finding.deciding.map(\.type) == [.treatmentPlanned, .bolusGiven])
        } else {
            #expect(finding.sentence.hasPrefix("16 mg given"))
        }
    }

    @Test func aBolusInBetweenCountsTowardsTheDose() {
        let brought = closed { scenario in
            scenario.plan("2026-02-20", bolus: "0.1")
            scenario.start("09:30", "30")
            bolus(&scenario, "10:20", "5.001")
            scenario.stop("10:20")
        }
        #expect(brought.verdict == .fail)
        #expect(brought.sentence == "Past the plan: at 10:20 a bolus that brought the dose to 30.001 mg, more than 0.5 mg/kg at 60 kg")
        let after = closed { scenario in
            scenario.plan("2026-02-20", bolus: "0.1")
            scenario.start("09:30", "30")
            bolus(&scenario, "10:00", "6")
            scenario.stop("10:20")
        }
        #expect(after.sentence == "Past the plan: at 10:00 a rate that brought the dose to 31 mg, more than 0.5 mg/kg at 60 kg")
    }

    @Test func anOverrideOfABolusIsForThatBolus() {
        let one = closed { scenario in
            scenario.start("09:30", "20")
            bolus(&scenario, "09:40", "5", override: .gate(.dose))
            scenario.stop("10:00")
        }
        #expect(one.verdict == .overridden)
        let two = closed { scenario in
            scenario.start("09:30", "20")
            bolus(&scenario, "09:40", "5", override: .gate(.dose))
            bolus(&scenario, "09:45", "5")
            scenario.stop("10:00")
        }
        #expect(two.verdict == .fail)
    }

    @Test func whoOrdersMustBeAPrescriberThen() {
        let finding = closed { scenario in
            scenario.plan("2026-02-20", bolus: "0.1")
            scenario.start("09:30", "20")
            bolus(&scenario, "09:40", "5", by: "nia", override: .gate(.dose))
            scenario.stop("10:00")
        }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Not properly ordered: at 09:40 ordered by nia, who was no prescriber then")
        let revoked = closed { scenario in
            scenario.start("09:30", "20")
            scenario.adjust("09:40", "20", "25")
            scenario.stop("10:00")
            scenario.record(.staffRevoked, on: .clinic, "09:35", by: "ada", ["staff": "petra", "reason": "Left."])
        }
        #expect(revoked.verdict == .fail)
        #expect(revoked.sentence == "Not properly ordered: at 09:40 ordered by petra, who was no prescriber then")
    }

    @Test func anotherReasonIsTold() {
        for (note, verdict) in [(nil, Verdict.fail), ("Line kinked", .pass)] as [(String?, Verdict)] {
            let finding = closed { scenario in
                scenario.start("09:30", "20")
                var data: [String: JSON] = [
                    "from_rate_mg_per_h": 20, "to_rate_mg_per_h": 10, "reason": "other", "ordered_by": "petra",
                ]
                data["note"] = note.map { .string($0) }
                scenario.record(.doseAdjusted, "09:40", .object(data))
                scenario.stop("10:00")
            }
            #expect(finding.verdict == verdict)
        }
    }

    @Test func overriddenOrdersAreShownAsSuch() {
        let finding = closed { scenario in
            scenario.start("09:30", "20")
            scenario.adjust("09:40", "20", "40", override: .gate(.dose))
            scenario.adjust("09:45", "40", "35")
            scenario.stop("10:00")
        }
        #expect(finding.verdict == .overridden, "the lower rate follows from the override")
        #expect(finding.sentence.hasSuffix("gate dose overridden by petra"))
        let raised = closed { scenario in
            scenario.start("09:30", "20")
            scenario.adjust("09:40", "20", "35", override: .gate(.dose))
            scenario.adjust("09:45", "35", "36")
            scenario.stop("10:00")
        }
        #expect(raised.verdict == .fail, "a further raise needs its own")
    }

    @Test func withoutAPlanItFails() {
        let finding = closed { scenario in
            let plan = scenario.events[.patient(Scenario.patient)]?.first { $0.body.type == .treatmentPlanned }
            scenario.void(plan?.id ?? uuid(0), on: .patient(Scenario.patient), by: "petra")
            scenario.start()
            scenario.stop()
        }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Past the plan: at 09:30 no plan was in force")
    }

    @Test func anAmendedWeightMovesTheLimits() {
        var scenario = Scenario(arrived: false)
        let arrival = scenario.arrive(kilograms: "80")
        scenario.insert()
        scenario.start("09:30", "40")
        scenario.stop("10:00")
        scenario.discharge()
        #expect(scenario.judge("D1").verdict == .pass)
        scenario.amend(arrival, by: "dora", ["patient": .id(Scenario.patient), "weight_kg": 79])
        #expect(scenario.judge("D1").verdict == .fail)
    }

    @Test func anAmendedPlanMovesTheLimits() {
        var scenario = Scenario()
        let plan = scenario.plan("2026-02-20", rate: "0.6")
        scenario.insert()
        scenario.start("09:30", "36")
        scenario.stop("10:00")
        scenario.discharge()
        #expect(scenario.judge("D1").verdict == .pass)
        scenario.void(plan, on: .patient(Scenario.patient), by: "petra")
        #expect(scenario.judge("D1").verdict == .fail)
    }

    @Test func whileItRunsOnlyAnExcessIsCertain() {
        var scenario = Scenario()
        scenario.insert()
        scenario.start("09:30", "30")
        scenario.vitals("10:30")
        #expect(scenario.judge("D1").verdict == .indeterminate)
        scenario.vitals("10:31")
        #expect(scenario.judge("D1").verdict == .fail)
    }

    @Test func withoutAWeightNothingCanBeSaidForIt() {
        var scenario = Scenario(arrived: false)
        let arrival = scenario.arrive()
        scenario.uneventful()
        scenario.void(arrival, by: "dora")
        #expect(scenario.judge("D1").verdict == .fail)
    }
}

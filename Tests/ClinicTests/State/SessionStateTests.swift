import Canonical
import Clinic
import Foundation
import Testing

@Suite struct SessionStateTests {
    private func state(_ steps: [Step], until minute: Double? = nil) throws -> SessionState {
        SessionState(try Scenario(steps).history(Story.session), until: minute.map(Story.time))
    }

    // MARK: Phases

    @Test func phasesOfAnOrdinarySession() throws {
        let steps = [Step].infusing + [.doseAdjusted(35, 0), .doseAdjusted(0, 35).at(30), .infusionStopped, .ivRemoved, .discharged]
        let phases: [(Double, SessionState.Phase?)] = [
            (-100_000, nil), (-1, .booked), (0, .arrived), (10, .ivIn), (15, .infusing), (25, .paused), (30, .infusing), (55, .recovering),
            (60, .recovering), (90, .discharged),
        ]
        for (minute, phase) in phases {
            #expect(try state(steps, until: minute).phase == phase)
        }
        #expect(try state(steps).phase == .discharged)
        #expect(try state(.ivIn + [.ivRemoved]).phase == .arrived)
    }

    @Test func whoAndHowHeavy() throws {
        #expect(try state([]).exists == false)
        let booked = try state([.booked])
        #expect(booked.exists && booked.patient == Story.patientID && booked.plan == Story.plan && booked.weight == nil)
        let walkIn = try state([.arrived])
        #expect(walkIn.exists && walkIn.patient == Story.patientID && walkIn.plan == nil && walkIn.weight == 70)
    }

    // MARK: Lines

    @Test func linesGoInAndOut() throws {
        let right = Step.ivInserted.at(12).with("side", "right")
        let both = try state(.ivIn + [right])
        #expect(both.lines.count == 2 && both.isIVIn)
        let left = try state(.ivIn + [right, .ivRemoved])
        #expect(left.isIVIn)
        #expect(left.lines.map(\.isIn) == [false, true])
        // A removal charted at a place where no line is takes the last one out.
        #expect(try state(.ivIn + [right, .ivRemoved.with("site", "hand")]).lines.map(\.isIn) == [true, false])
        #expect(try state(.ivIn + [.ivRemoved, .ivRemoved.at(61)]).isIVIn == false)
    }

    // MARK: Doses

    @Test func segmentsFollowTheRate() throws {
        let steps = [Step].infusing + [.doseAdjusted(35, 0), .doseAdjusted(0, 42).at(30), .infusionStopped]
        let segments = try state(steps).doseSegments
        #expect(segments.map(\.rate) == [35, 0, 42])
        #expect(segments.map(\.from) == [15, 25, 30].map(Story.time))
        #expect(segments.map(\.to) == [25, 30, 55].map(Story.time))
        #expect(segments.map(\.event) == steps[3...5].map(\.id))
        #expect(try state(steps, until: 26).doseSegments.map(\.to) == [Story.time(25), nil])
        #expect(try state(steps, until: 26).rate == MilligramsPerHour.zero)
        #expect(try state(steps).rate == nil)
    }

    @Test func aRateChangedAtOnceHasNoSegment() throws {
        let segments = try state(.infusing + [.doseAdjusted(35, 40).at(15), .infusionStopped]).doseSegments
        #expect(segments.map(\.rate) == [40])
        #expect(try state(.infusing + [.infusionStopped.at(15)]).doseSegments.isEmpty)
    }

    /// 70 kg at 0.35 mg/kg/h is 24.5 mg/h; in 40 min that makes 16.333 mg.
    @Test func givenIsTheIntegral() throws {
        let steps = [Step].ivIn + [.infusionStarted(24.5, bolus: 7), .infusionStopped]
        let whole = try state(steps)
        #expect(try whole.given(at: Story.time(14)) == 0)
        #expect(try whole.given(at: Story.time(15)) == 7)
        #expect(try whole.given(at: Story.time(27)) == Milligrams(thousandths: 11_900))
        #expect(try whole.given(at: Story.time(55)) == Milligrams(thousandths: 23_333))
        #expect(try whole.given(at: Story.time(500)) == Milligrams(thousandths: 23_333))
    }

    @Test func runsAddUpExactly() throws {
        // Three spans of 1/3 mg each: rounding each to the microgram would lose one.
        let steps =
            [Step].ivIn + [
                .infusionStarted(1).at(100), .infusionStopped.at(120), .infusionStarted(1).at(200), .infusionStopped.at(220),
                .infusionStarted(1).at(300), .infusionStopped.at(320),
            ]
        let whole = try state(steps)
        #expect(try whole.given(at: Story.time(400)) == 1)
        #expect(try whole.runs.map { try $0.given(at: Story.time(400)).thousandths } == [333, 333, 333])
    }

    /// Against the sum over single seconds, for random rates.
    @Test(arguments: UInt64(1)...20)
    func givenAgreesWithASumOverSeconds(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var rate = Double(Int.random(in: 1...70_000, using: &random)) / 1000
        var steps = [Step].ivIn + [.infusionStarted(rate)]
        var perSecond = [Double](repeating: 0, count: 4000)
        var second = 15 * 60
        for _ in 0..<6 {
            let next = second + Int.random(in: 1...400, using: &random)
            for index in second..<next { perSecond[index] = rate }
            let changed = Double(Int.random(in: 0...70_000, using: &random)) / 1000
            steps.append(.doseAdjusted(rate, changed).at(Double(next) / 60))
            (second, rate) = (next, changed)
        }
        let given = try state(steps).given(at: Story.start.adding(seconds: Int64(second)))
        #expect(abs(Double(given.thousandths) - perSecond.reduce(0, +) / 3.6) < 0.51)
    }

    // MARK: Charts that corrections have made odd

    @Test func aStartWithoutAStopEndsTheRunBefore() throws {
        let odd = try state(.infusing + [.infusionStarted(40).at(30), .infusionStopped])
        #expect(odd.runs.map(\.end) == [Story.time(30), Story.time(55)])
        #expect(odd.runs.first?.stop == nil)
        #expect(odd.doseSegments.map(\.rate) == [35, 40])
    }

    @Test func orphansDoNothing() throws {
        let odd = try state([.arrived, .doseAdjusted(1, 2), .infusionStopped, .ivRemoved, .sideEffectResolved])
        #expect(odd.runs.isEmpty && odd.lines.isEmpty && odd.sideEffects.isEmpty)
        #expect(odd.phase == .arrived)
    }

    // MARK: Side effects

    @Test func sideEffectsOpenAndClose() throws {
        let steps = [Step].infusing + [.sideEffect, .sideEffect.at(32).id(Story.id(21)), .sideEffectResolved]
        #expect(try Set(state(steps, until: 40).openSideEffects.keys) == [Story.id(20), Story.id(21)])
        #expect(try Set(state(steps).openSideEffects.keys) == [Story.id(21)])
        #expect(try state(steps).sideEffects.map { $0.resolved?.at } == [Story.time(45), nil])
    }

    @Test func correctionsReachTheState() throws {
        let start = Step.infusionStarted(35).id(Story.id(30))
        #expect(try state(.ivIn + [start, .amended(start.id, Step.infusionStarted(30).data)]).rate == 30)
        #expect(try state(.ivIn + [start, .voided(start.id)]).rate == nil)
    }
}

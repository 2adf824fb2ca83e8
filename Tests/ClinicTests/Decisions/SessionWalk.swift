import Canonical
import Clinic
import Foundation

/// A random way through a session, one command after another, taking what the decisions accept.
struct SessionWalk {
    private(set) var scenario: Scenario
    private var random: SplitMix
    private(set) var minute: Double = 0

    init(seed: UInt64) throws {
        scenario = try given()
        random = SplitMix(seed: seed)
    }

    var state: SessionState { SessionState(scenario.history(Story.session)) }

    /// Proposes one random command and records it if it is accepted. Answers whether it was.
    mutating func advance() throws -> Bool {
        minute += Double(Int.random(in: 0...8, using: &random))
        let step = proposal()
        let gate = Int.random(in: 0...4, using: &random) == 0 ? Gate.allCases.randomElement(using: &random) : nil
        let actor = gate == nil ? ["nia", "dr.lin", "fay"].randomElement(using: &random) ?? "nia" : "dr.lin"
        let outcome = try scenario.when(step, by: actor, overriding: gate?.rawValue)
        guard let acceptance = outcome.acceptance else { return false }
        var recorded = step.by(actor)
        recorded.override = acceptance.override
        try scenario.append(recorded)
        return true
    }

    private mutating func proposal() -> Step {
        let rate = state.rate.map { Double($0.thousandths) / 1000 } ?? 35
        let steps: [Step] = [
            .booked, .arrived, .arrived, .ivInserted, .ivInserted.with("side", "right"), .ivRemoved, .infusionStarted(),
            .infusionStarted(20, bolus: 7),
            .doseAdjusted(rate, 0), .doseAdjusted(rate, rate + 10), .doseAdjusted(rate, 20), .infusionStopped, .vitals, .sideEffect,
            .medicated, .assessed,
            .attemptFailed, .bolus(), .exempted, .waived, cancellation(),
            resolution(),
            .recoveryScored(), .recoveryScored(8), .driver, .dischargeOrdered, .discharged, correction(), .consentWithdrawn(at: minute),
            .consentSigned(at: minute), .consulted(at: minute),
        ]
        let step = steps.randomElement(using: &random) ?? .note
        return step.at(minute).id(UUID())
    }

    /// Rare, or no walk would get far.
    private mutating func cancellation() -> Step { Int.random(in: 0...3, using: &random) == 0 ? .cancelled : .arrived }

    private mutating func resolution() -> Step {
        .sideEffectResolved.with("observed", .id(state.openSideEffects.keys.sorted { $0.lowercase < $1.lowercase }.first ?? Story.id(99)))
    }

    private mutating func correction() -> Step {
        guard let target = scenario.history(Story.session).events.randomElement(using: &random) else { return .note }
        // Mostly harmless, sometimes the session itself.
        return Int.random(in: 0...1, using: &random) == 0 ? .voided(target.id) : .amended(target.id, target.body.data)
    }
}

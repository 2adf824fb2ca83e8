import Canonical
import Clinic
import Foundation
import Testing

/// Charting is never blocked by bookkeeping: at every state that valid commands can reach, well-formed vitals, side effects, notes, stops and
/// removals are accepted from anyone, under no condition or one that gives way.
@Suite struct NeverBlockedTests {
    @Test(arguments: UInt64(1)...40)
    func atEveryReachableState(seed: UInt64) throws {
        var walk = try SessionWalk(seed: seed)
        var random = SplitMix(seed: seed &+ 1_000)
        for _ in 0..<60 {
            guard try walk.advance(), walk.state.exists else { continue }
            try expectNeverBlocked(walk, &random)
        }
    }

    private func expectNeverBlocked(_ walk: SessionWalk, _ random: inout SplitMix) throws {
        // Now, and late.
        let minute = Bool.random(using: &random) ? walk.minute : walk.minute - Double(Int.random(in: 0...60, using: &random))
        let actor = ["nia", "fay", "nobody", "float.7"].randomElement(using: &random)
        var always = [Step.vitals, .sideEffect, .note].map { $0.at(minute) }
        always += Self.wellFormed.shuffled(using: &random).prefix(4).map { Step($0.type, at: minute, by: "nia", $0.data) }
        for step in always { try walk.scenario.when(step.id(UUID()), by: actor).then(.unconditional) }

        let then = SessionState(walk.scenario.history(Story.session), until: Story.time(minute))
        let stop = try walk.scenario.when(.infusionStopped.at(minute), by: actor)
        stop.then(then.run == nil ? .refused("no-infusion-running", .conflict) : .neverBlocked)
        let removal = try walk.scenario.when(.ivRemoved.at(minute), by: actor)
        removal.then(then.isIVIn ? .neverBlocked : .refused("no-iv-in", .conflict))
        if let entry = walk.scenario.history(Story.session).entries.filter({ !$0.isVoided }).randomElement(using: &random) {
            try walk.scenario.when(.voided(entry.id, at: minute), by: actor).then(.unconditional)
            try walk.scenario.when(.amended(entry.id, entry.body.data, at: minute), by: actor).then(.unconditional)
        }
    }

    /// Every well-formed variant of vitals and side effects that the examples of the events know.
    private static let wellFormed: [(type: EventType, data: JSON)] = {
        let examples = (try? EventExample.all()) ?? []
        return examples.filter { [.vitalsRecorded, .sideEffectObserved].contains($0.type) }.flatMap(valid)
    }()

    private static func valid(_ example: EventExample) -> [(type: EventType, data: JSON)] {
        let variants = example.variants.filter { $0.problem == nil }.compactMap { variant in
            try? variant.changes.reduce(example.full) { data, change in
                data.setting(change.pointer, to: try change.value.map { try JSON.parse($0) })
            }
        }
        return ([example.minimal, example.full] + variants).map { (example.type, $0) }
    }

    @Test func thereAreManyVariants() {
        #expect(Self.wellFormed.count > 50)
    }

    /// The walks must get around, or the property says nothing.
    @Test func theWalksReachEveryPhase() throws {
        var phases: Set<SessionState.Phase> = []
        for seed in UInt64(1)...40 {
            var walk = try SessionWalk(seed: seed)
            for _ in 0..<60 where try walk.advance() {
                if let phase = walk.state.phase { phases.insert(phase) }
            }
        }
        #expect(phases == Set(SessionState.Phase.allCases))
    }
}

import Canonical
import Clinic

extension Evidence {
    /// What becomes of a failure that gates guard: overridden where for each of them a prescriber's override stands at that time, else a fail.
    ///
    /// - Parameters:
    ///   - sentence: what is not as it should be.
    ///   - gates: those that would have to be open for all of it; none where no gate guards it.
    ///   - instant: when it was decided; overrides count when made by then.
    ///   - withdrawal: overrides before it count no more.
    func failure(
        _ sentence: String, guardedBy gates: [Gate], _ deciding: [DecidingEvent], at instant: Timestamp,
        after withdrawal: Charted<ConsentWithdrawn>? = nil
    ) -> Finding {
        var standing: [GateOverride] = []
        for gate in gates {
            guard let override = session.override(of: gate, by: instant, reference) else { break }
            if let withdrawal, (override.at, override.position) < (withdrawal.at, withdrawal.position) { break }
            standing.append(override)
        }
        guard !gates.isEmpty, standing.count == gates.count else { return finding(.fail, sentence, deciding, at: instant) }
        let opened = standing.map { "gate \($0.override.gate.rawValue) overridden by \($0.actor) at \($0.at.clock(besides: instant))" }
        return finding(
            .overridden, "\(sentence); \(Phrase.list(opened))", deciding + standing.map { DecidingEvent($0, on: stream) }, at: instant)
    }
}

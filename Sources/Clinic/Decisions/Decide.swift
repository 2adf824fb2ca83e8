public import Canonical

/// Decides whether a proposal may be recorded. Pure: no clock, no I/O; the same arguments give the same answer.
///
/// The events are judged in order, each on top of the former ones, against the state at its own `occurred_at`; all are accepted or none.
/// A proposal whose command is already in the history of its stream is accepted without conditions: the log knows the first answer, and
/// refuses the command if its content differs.
///
/// - Parameters:
///   - known: the whole, unbounded histories of streams that were loaded; an empty one for a stream without events.
///   - now: the server's clock. An event may lie at most five minutes ahead of it.
public func decide(_ proposal: Proposal, known: [StreamID: History], now: Timestamp) -> Decision {
    var deliberation = Deliberation(proposal, known: known, now: now)
    do {
        return .accepted(try deliberation.conclude())
    } catch {
        switch error {
        case .refused(let refusal): return .refused(refusal)
        case .needs(let streams): return .needs(streams)
        }
    }
}

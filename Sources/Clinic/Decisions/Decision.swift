/// The answer to a ``Proposal``.
public enum Decision: Sendable, Hashable {
    case accepted(Acceptance)
    case refused(Refusal)
    /// These streams are needed to decide: load them and ask again. An empty history says that a stream has no events.
    case needs(Set<StreamID>)
}

/// What to append, and under which conditions.
public struct Acceptance: Sendable, Hashable {
    /// A stream that the decision depends on, and the version at which it was read.
    public struct Condition: Sendable, Hashable {
        public let stream: StreamID
        public let version: Int64

        public init(stream: StreamID, version: Int64) {
            self.stream = stream
            self.version = version
        }
    }

    /// Sorted by name. None where nothing could change the answer: vitals, side effects, notes and corrections of a chart.
    public let conditions: [Condition]
    /// Whether all of it is charting that is never blocked. Where others keep changing the streams, it is appended without its conditions
    /// rather than not at all.
    public let isNeverBlocked: Bool
    /// What each event concerns beside its own stream, in the order of the proposal.
    public let subjects: [StreamID?]
    public let override: Override?
}

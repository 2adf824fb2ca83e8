public import Canonical

extension History {
    /// How much of a stream a history shows. Each bound is inclusive; nil means no bound.
    public struct Bounds: Sendable, Hashable {
        /// Clinical time: events with `occurredAt` after it are left out, and so are their corrections. Other corrections are exempt.
        public let at: Timestamp?
        /// Time of knowledge: whatever was recorded after it is left out.
        public let knownAt: Timestamp?
        /// Place in the log: whatever lies after it is left out.
        public let position: Int64?

        public init(at: Timestamp? = nil, knownAt: Timestamp? = nil, position: Int64? = nil) {
            self.at = at
            self.knownAt = knownAt
            self.position = position
        }

        func admitRecord(of event: ChartEvent) -> Bool {
            if let knownAt, event.recordedAt > knownAt { return false }
            if let position, event.position > position { return false }
            return true
        }

        func admitOccurrence(of event: ChartEvent) -> Bool {
            guard let at else { return true }
            return event.occurredAt <= at
        }
    }
}

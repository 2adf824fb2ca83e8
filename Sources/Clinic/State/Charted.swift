public import Canonical
public import Foundation

/// A fact in force with what a state needs of its envelope: who charted it, when it happened, and where it stands in the log.
public struct Charted<Body: Sendable & Hashable>: Sendable, Hashable, Identifiable {
    /// The event that charted it first; an amendment keeps it.
    public let id: UUID
    public let position: Int64
    public let at: Timestamp
    public let actor: String
    public let override: Override?
    /// The data in force.
    public let body: Body

    init(_ event: ChartEvent, _ body: Body) {
        id = event.id
        position = event.position
        at = event.occurredAt
        actor = event.actor
        override = event.override
        self.body = body
    }

    /// Order of happening, as in `History.clinical`.
    func happened(after other: Charted<some Any>) -> Bool {
        (at, position) > (other.at, other.position)
    }
}

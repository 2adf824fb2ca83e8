public import Canonical
public import Foundation

/// What somebody wants to add to one stream: the clinical side of an append request.
public struct Proposal: Sendable, Hashable {
    public struct Event: Sendable, Hashable {
        /// The id that the log will give it, so that a later event of the same proposal can refer to it.
        public let id: UUID
        public let occurredAt: Timestamp
        public let body: EventBody
        public let signatures: [Signature]

        public init(id: UUID = UUID(), occurredAt: Timestamp, body: EventBody, signatures: [Signature] = []) {
            self.id = id
            self.occurredAt = occurredAt
            self.body = body
            self.signatures = signatures
        }
    }

    /// The `override` of a request, as written: its gate may not exist.
    public struct OverrideRequest: Sendable, Hashable {
        public let gate: String
        public let reason: String

        public init(gate: String, reason: String) {
            self.gate = gate
            self.reason = reason
        }
    }

    public let stream: StreamID
    public let actor: String
    public let command: UUID
    /// In the order in which they are to be recorded: each is judged on top of the former ones.
    public let events: [Event]
    public let override: OverrideRequest?
    public let chartedAt: Timestamp?
    /// The roles that the actor acts in, where that may be fewer than they hold: a program's token.
    public let roles: Set<StaffRole>?
    /// Whether what is to be signed must be: so it is where people record what they do, not where a file tells of it.
    public let requiresSignatures: Bool
    /// Whether the request gives its single event flat (`/data/…`) rather than in a list (`/events/0/data/…`). Only for pointers in problems.
    public let isFlat: Bool

    /// - Parameters:
    ///   - roles: nil means: those that the actor holds.
    ///   - isFlat: nil means: flat when there is one event.
    public init(
        stream: StreamID, actor: String, command: UUID = UUID(), events: [Event], override: OverrideRequest? = nil,
        chartedAt: Timestamp? = nil, roles: Set<StaffRole>? = nil, requiresSignatures: Bool = false, isFlat: Bool? = nil
    ) {
        self.stream = stream
        self.actor = actor
        self.command = command
        self.events = events
        self.override = override
        self.chartedAt = chartedAt
        self.roles = roles
        self.requiresSignatures = requiresSignatures
        self.isFlat = isFlat ?? (events.count == 1)
    }

    /// Where the members of one event stand in the request.
    public func pointer(toEvent index: Int) -> String {
        isFlat ? "" : "/events/\(index)"
    }
}

public import Canonical
public import Foundation

/// What a client asks to be appended: all its events or none.
public struct AppendCommand: Sendable, Hashable {
    /// The idempotency key, chosen by the client.
    public var id: UUID
    /// The staff handle that charts it.
    public var actor: String
    /// When the source system says it was entered; imports only.
    public var chartedAt: Timestamp?
    /// What must hold of streams for the command to be taken.
    public var conditions: [StreamCondition]
    /// At least one.
    public var events: [NewEvent]

    public init(id: UUID, actor: String, chartedAt: Timestamp? = nil, conditions: [StreamCondition] = [], events: [NewEvent]) {
        self.id = id
        self.actor = actor
        self.chartedAt = chartedAt
        self.conditions = conditions
        self.events = events
    }

    /// The id of its event `index`, from 0: UUID version 5 in the command's namespace, so that an author knows it beforehand.
    public func eventID(_ index: Int) -> UUID { UUID.v5(namespace: id, name: String(index)) }
}

/// A stream must have this version (0: no event yet) when the command's turn comes.
public struct StreamCondition: Sendable, Hashable {
    public var stream: String
    public var version: Int64

    public init(stream: String, version: Int64) {
        self.stream = stream
        self.version = version
    }
}

/// An event before it has its place in the log.
public struct NewEvent: Sendable, Hashable {
    public struct Override: Sendable, Hashable {
        public var gate: String
        public var reason: String

        public init(gate: String, reason: String) {
            self.gate = gate
            self.reason = reason
        }
    }

    public var stream: String
    public var type: String
    /// The version of the type that the payload is written in, from 1.
    public var v: Int16
    public var occurredAt: Timestamp
    /// The other stream that the event concerns, by which it is found.
    public var subject: String?
    public var override: Override?
    /// Canonical JSON (RFC 8785).
    public var payload: String

    public init(
        stream: String, type: String, v: Int16 = 1, occurredAt: Timestamp, subject: String? = nil, override: Override? = nil,
        payload: String
    ) {
        self.stream = stream
        self.type = type
        self.v = v
        self.occurredAt = occurredAt
        self.subject = subject
        self.override = override
        self.payload = payload
    }
}

public import Canonical
public import Foundation
import Postgres

/// An event as the log holds it.
public struct StoredEvent: Sendable, Hashable {
    public let position: Int64
    public let version: Int64
    public let event: UUID
    public let command: UUID
    public let stream: String
    public let type: String
    /// The version of the type that the payload is written in, from 1.
    public let v: Int
    public let actor: String
    public let occurredAt: Timestamp
    public let recordedAt: Timestamp
    public let chartedAt: Timestamp?
    public let subject: String?
    public let overrideGate: String?
    /// Nil where there was no override, or it was erased with the payload.
    public let overrideReason: String?
    /// The exact canonical JSON of the event's data; nil once erased.
    public let payload: String?

    public init(
        position: Int64, version: Int64, event: UUID, command: UUID, stream: String, type: String, v: Int, actor: String,
        occurredAt: Timestamp, recordedAt: Timestamp, chartedAt: Timestamp?, subject: String?, overrideGate: String?,
        overrideReason: String?, payload: String?
    ) {
        self.position = position
        self.version = version
        self.event = event
        self.command = command
        self.stream = stream
        self.type = type
        self.v = v
        self.actor = actor
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.chartedAt = chartedAt
        self.subject = subject
        self.overrideGate = overrideGate
        self.overrideReason = overrideReason
        self.payload = payload
    }
}

extension StoredEvent {
    /// Whether its data is gone for good.
    public var isErased: Bool { payload == nil }

    /// The columns that `init(row:)` reads, in its order, of a table known as `e`.
    static let columns = """
        e.position, e.version, e.event, e.command, e.stream, e.type, e.actor, e.occurred_at, e.recorded_at, e.charted_at, \
        e.subject, e.override_gate, e.override_reason, e.payload, e.v
        """

    init(row: Row) throws {
        let (position, version, event, command, stream, type, actor, occurred, recorded, charted, subject, gate, reason, payload, v) =
            try row.decode(
                Int64.self, Int64.self, UUID.self, UUID.self, String.self, String.self, String.self, SQLTimestamp.self,
                SQLTimestamp.self, SQLTimestamp?.self, String?.self, String?.self, String?.self, JSONText?.self, Int16.self)
        self.init(
            position: position, version: version, event: event, command: command, stream: stream, type: type, v: Int(v), actor: actor,
            occurredAt: Timestamp(microseconds: occurred.microseconds), recordedAt: Timestamp(microseconds: recorded.microseconds),
            chartedAt: charted.map { Timestamp(microseconds: $0.microseconds) }, subject: subject, overrideGate: gate,
            overrideReason: reason, payload: payload?.text)
    }
}

public import Canonical
public import Foundation

/// One event as it is read back from a clinic's log.
///
/// A value of this type is what was recorded. Corrections are events of their own; ``History`` applies them.
public struct ChartEvent: Sendable, Hashable, Identifiable {
    /// Place in the clinic's log: 1, 2, 3 … without gaps.
    public let position: Int64
    /// Place in the stream: 1, 2, 3 … without gaps.
    public let version: Int64
    public let id: UUID
    public let stream: StreamID
    /// Handle of the staff member who wrote it.
    public let actor: String
    /// The append that carried it. Several events may share a command.
    public let command: UUID
    /// When it happened at the patient's side, as its author says.
    public let occurredAt: Timestamp
    /// When the database took it. Never decreases along the log.
    public let recordedAt: Timestamp
    /// When the system that it was imported from says that it was entered.
    public let chartedAt: Timestamp?
    public let override: Override?
    public let body: EventBody
    /// On what was recorded: an amendment bears its own.
    public let signatures: [Signature]

    public init(
        position: Int64, version: Int64, id: UUID, stream: StreamID, actor: String, command: UUID, occurredAt: Timestamp,
        recordedAt: Timestamp, chartedAt: Timestamp? = nil, override: Override? = nil, body: EventBody, signatures: [Signature] = []
    ) {
        self.position = position
        self.version = version
        self.id = id
        self.stream = stream
        self.actor = actor
        self.command = command
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.chartedAt = chartedAt
        self.override = override
        self.body = body
        self.signatures = signatures
    }

    /// The same event with another body: what a correction makes of it.
    public func with(body: EventBody) -> ChartEvent {
        ChartEvent(
            position: position, version: version, id: id, stream: stream, actor: actor, command: command, occurredAt: occurredAt,
            recordedAt: recordedAt, chartedAt: chartedAt, override: override, body: body,
            signatures: signatures)
    }

    /// Whether `self` stands before `other` in the order in which things happened: by time, then by position.
    public func happened(before other: ChartEvent) -> Bool {
        (occurredAt, position) < (other.occurredAt, other.position)
    }

    /// Whether it corrects another event, and so is no clinical fact of its own.
    public var isCorrection: Bool {
        switch body {
        case .eventAmended, .eventVoided: true
        default: false
        }
    }
}

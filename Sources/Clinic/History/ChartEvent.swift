public import Canonical
public import Foundation

/// One event as it is read back from a clinic's log.
///
/// A value of this type is what was recorded. Corrections are events of their own; ``History`` applies them.
///
/// It is one reference: histories, entries and states hand the same event on many times, and its parts are not counted each time.
public struct ChartEvent: Sendable, Identifiable {
    private final class Record: Sendable {
        let position: Int64
        let version: Int64
        let id: UUID
        let stream: StreamID
        let actor: String
        let command: UUID
        let occurredAt: Timestamp
        let recordedAt: Timestamp
        let chartedAt: Timestamp?
        let override: Override?
        let body: EventBody
        let signatures: [Signature]
        let stored: String?

        init(
            position: Int64, version: Int64, id: UUID, stream: StreamID, actor: String, command: UUID, occurredAt: Timestamp,
            recordedAt: Timestamp, chartedAt: Timestamp?, override: Override?, body: EventBody, signatures: [Signature], stored: String?
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
            self.stored = stored
        }
    }

    private let record: Record

    /// Place in the clinic's log: 1, 2, 3 … without gaps.
    public var position: Int64 { record.position }
    /// Place in the stream: 1, 2, 3 … without gaps.
    public var version: Int64 { record.version }
    public var id: UUID { record.id }
    public var stream: StreamID { record.stream }
    /// Handle of the staff member who wrote it.
    public var actor: String { record.actor }
    /// The append that carried it. Several events may share a command.
    public var command: UUID { record.command }
    /// When it happened at the patient's side, as its author says.
    public var occurredAt: Timestamp { record.occurredAt }
    /// When the database took it. Never decreases along the log.
    public var recordedAt: Timestamp { record.recordedAt }
    /// When the system that it was imported from says that it was entered.
    public var chartedAt: Timestamp? { record.chartedAt }
    public var override: Override? { record.override }
    public var body: EventBody { record.body }
    /// On what was recorded: an amendment bears its own.
    public var signatures: [Signature] { record.signatures }

    /// - Parameter stored: the canonical JSON of the body's data, where it is at hand; nil to write it anew when it is asked for.
    public init(
        position: Int64, version: Int64, id: UUID, stream: StreamID, actor: String, command: UUID, occurredAt: Timestamp,
        recordedAt: Timestamp, chartedAt: Timestamp? = nil, override: Override? = nil, body: EventBody, signatures: [Signature] = [],
        stored: String? = nil
    ) {
        record = Record(
            position: position, version: version, id: id, stream: stream, actor: actor, command: command, occurredAt: occurredAt,
            recordedAt: recordedAt, chartedAt: chartedAt, override: override, body: body, signatures: signatures, stored: stored)
    }

    /// The data as canonical JSON.
    public var canonicalData: String { record.stored ?? body.data.canonical }

    /// The same event with another body: what a correction makes of it.
    public func with(body: EventBody) -> ChartEvent {
        ChartEvent(
            position: position, version: version, id: id, stream: stream, actor: actor, command: command, occurredAt: occurredAt,
            recordedAt: recordedAt, chartedAt: chartedAt, override: override, body: body, signatures: signatures)
    }

    /// Whether `self` stands before `other` in the order in which things happened: by time, then by position.
    public func happened(before other: ChartEvent) -> Bool {
        (occurredAt, position) < (other.occurredAt, other.position)
    }

    /// Whether it corrects another event, and so is no clinical fact of its own.
    public var isCorrection: Bool {
        switch record.body {
        case .eventAmended, .eventVoided: true
        default: false
        }
    }
}

extension ChartEvent: Hashable {
    public static func == (left: ChartEvent, right: ChartEvent) -> Bool {
        if left.record === right.record { return true }
        return left.position == right.position && left.version == right.version && left.id == right.id && left.stream == right.stream
            && left.actor == right.actor && left.command == right.command && left.occurredAt == right.occurredAt
            && left.recordedAt == right.recordedAt && left.chartedAt == right.chartedAt && left.override == right.override
            && left.body == right.body && left.signatures == right.signatures
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(position)
    }
}

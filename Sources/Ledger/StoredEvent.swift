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
        var reader = StoredEventReader()
        self = try reader.read(row)
    }
}

/// Reads rows of ``StoredEvent/columns`` one after another.
struct StoredEventReader {
    /// The names in the last row: the next row mostly has the same.
    private var (stream, type, actor, subject) = ("", "", "", "")

    mutating func read(_ row: Row) throws -> StoredEvent {
        try row.string(4, into: &stream)
        try row.string(5, into: &type)
        try row.string(6, into: &actor)
        let hasSubject = try !row.isNull(10)
        if hasSubject { try row.string(10, into: &subject) }
        return StoredEvent(
            position: try row.int64(0), version: try row.int64(1), event: try row.uuid(2), command: try row.uuid(3), stream: stream,
            type: type, v: Int(try row.int16(14)), actor: actor, occurredAt: try time(row, 7), recordedAt: try time(row, 8),
            chartedAt: try row.isNull(9) ? nil : try time(row, 9), subject: hasSubject ? subject : nil,
            overrideGate: try row.isNull(11) ? nil : try row.string(11), overrideReason: try row.isNull(12) ? nil : try row.string(12),
            payload: try row.isNull(13) ? nil : try row.jsonText(13))
    }

    private func time(_ row: Row, _ column: Int) throws -> Timestamp { Timestamp(microseconds: try row.timestamp(column).microseconds) }
}

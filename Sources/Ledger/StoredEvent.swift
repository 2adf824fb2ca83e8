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

/// Reads events one after another: rows of ``StoredEvent/columns``, or stored bytes.
public struct StoredEventReader: Sendable {
    /// The names in the last event: the next one mostly has the same.
    private var (stream, type, actor, subject) = ("", "", "", "")

    public init() {}

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

    /// An event from its stored bytes, and nothing else; nil where its entry cannot be read.
    public mutating func read(_ record: RecordBytes) -> StoredEvent? {
        func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
        let entry = record.entry
        let (payload, reason) = (record.payload.map(text), record.reason.map(text))
        guard let scan = EntryScan(entry) else {
            guard let said = LogEntry(text(entry)) else { return nil }
            return StoredEvent(
                position: said.position, version: said.version, event: said.event, command: said.command, stream: said.stream,
                type: said.type, v: Int(said.payloadVersion), actor: said.actor, occurredAt: said.occurredAt, recordedAt: said.recordedAt,
                chartedAt: said.chartedAt, subject: said.subject, overrideGate: said.overrideGate, overrideReason: reason, payload: payload)
        }
        Self.renew(&stream, entry[part: scan.stream])
        Self.renew(&type, entry[part: scan.type])
        Self.renew(&actor, entry[part: scan.actor])
        if let name = scan.subject { Self.renew(&subject, entry[part: name]) }
        return StoredEvent(
            position: scan.position, version: scan.version, event: scan.event, command: scan.command, stream: stream, type: type,
            v: Int(scan.payloadVersion), actor: actor, occurredAt: Timestamp(microseconds: scan.occurredAt),
            recordedAt: Timestamp(microseconds: scan.recordedAt), chartedAt: scan.chartedAt.map { Timestamp(microseconds: $0) },
            subject: scan.subject == nil ? nil : subject, overrideGate: scan.gate.map { text(entry[part: $0]) }, overrideReason: reason,
            payload: payload)
    }

    private static func renew(_ name: inout String, _ bytes: UnsafeRawBufferPointer) {
        if !bytes.equals(name) { name = String(decoding: bytes, as: UTF8.self) }
    }

    private func time(_ row: Row, _ column: Int) throws -> Timestamp { Timestamp(microseconds: try row.timestamp(column).microseconds) }
}

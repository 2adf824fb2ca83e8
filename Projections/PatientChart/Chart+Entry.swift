public import Canonical
public import Clinic
public import Foundation

extension Chart {
    /// A fact of the chart: as recorded, as it stands, and what was done to it.
    public struct Entry: Sendable, Hashable, Identifiable {
        /// As recorded.
        public let event: ChartEvent
        /// The data in force.
        public let body: EventBody
        /// In position order.
        public let corrections: [ChartEvent]
        public let isVoided: Bool

        public var id: UUID { event.id }
        public var isAmended: Bool { body != event.body }
        /// What folds go by: the data in force.
        public var inForce: ChartEvent { event.with(body: body) }

        init(_ entry: History.Entry) {
            event = entry.event
            body = entry.body
            corrections = entry.corrections
            isVoided = entry.isVoided
        }

        /// In the order of happening.
        static func all(of history: History) -> [Entry] {
            history.entries.map(Entry.init).sorted { $0.event.happened(before: $1.event) }
        }

        /// An entry made this long after the fact is marked on a chart. Whether it is *late* is for rule A3 to say.
        static let markedDelay: Int64 = 3_600_000_000

        /// From the fact to its entry, where that is an hour or more, µs.
        public var delay: Int64? { event.entryDelay >= Self.markedDelay ? event.entryDelay : nil }
    }
}

extension Chart.Entry {
    /// The envelope, `data` as it stands, `original` where that differs, `corrections` (events, with their own `data`), `voided`,
    /// `entered_after_min`.
    public var json: JSON {
        var members = event.members
        members["data"] = body.data
        if isAmended { members["original"] = event.body.data }
        if !corrections.isEmpty { members["corrections"] = .array(corrections.map { .object($0.members) }) }
        if isVoided { members["voided"] = true }
        if let delay { members["entered_after_min"] = .number(JSONNumber(delay / 60_000_000)) }
        return .object(members)
    }

    public init(json: JSON, stream: StreamID) throws(DocumentError) {
        let fields = try DocumentFields(json, "entry")
        let current = try ChartEvent(json: json, stream: stream)
        body = current.body
        if let original = try fields.optional("original", { $0 }) {
            event = current.with(body: try EventBody(document: original, type: body.type))
        } else {
            event = current
        }
        corrections = try fields.list("corrections").map { json throws(DocumentError) in try ChartEvent(json: json, stream: stream) }
        isVoided = try fields.optional("voided", \.flag) ?? false
    }
}

extension ChartEvent {
    /// The envelope, `data` and `signatures`, without the stream.
    var members: [String: JSON] {
        var members: [String: JSON] = [
            "event": .string(id.lowercase), "position": .number(JSONNumber(position)), "version": .number(JSONNumber(version)),
            "type": .string(body.type.rawValue), "actor": .string(actor), "command": .string(command.lowercase),
            "occurred_at": .string(occurredAt.description), "recorded_at": .string(recordedAt.description), "data": body.data,
        ]
        members["charted_at"] = .optional(chartedAt)
        if !signatures.isEmpty { members["signatures"] = .array(signatures.map(FieldWriter.write)) }
        members["override"] = override.map { ["gate": .string($0.gate.rawValue), "reason": .string($0.reason)] }
        return members
    }

    fileprivate init(json: JSON, stream: StreamID) throws(DocumentError) {
        let fields = try DocumentFields(json, "event")
        let type = try fields.required("type") { $0.text.flatMap(EventType.init) }
        let override = try fields.optional("override") { json in
            json["gate"]?.text.flatMap(Gate.init).flatMap { gate in json["reason"]?.text.map { Override(gate: gate, reason: $0) } }
        }
        self.init(
            position: try fields.required("position", \.int64), version: try fields.required("version", \.int64),
            id: try fields.required("event", \.uuid), stream: stream, actor: try fields.required("actor", \.text),
            command: try fields.required("command", \.uuid), occurredAt: try fields.required("occurred_at", \.time),
            recordedAt: try fields.required("recorded_at", \.time), chartedAt: try fields.optional("charted_at", \.time),
            override: override,
            body: try EventBody(document: try fields.required("data") { $0 }, type: type),
            signatures: try fields.list("signatures").map { json throws(DocumentError) in try Signature(document: json) })
    }
}

extension Signature {
    fileprivate init(document json: JSON) throws(DocumentError) {
        do { self = try FieldReader.read(json) { Signature(reading: &$0) } } catch { throw DocumentError(field: "signatures") }
    }
}

extension EventBody {
    fileprivate init(document data: JSON, type: EventType) throws(DocumentError) {
        do { try self.init(type: type, data: data) } catch { throw DocumentError(field: "data") }
    }
}

public import Canonical
public import Clinic
public import Foundation

extension Chart {
    /// A fact of the chart: as recorded, as it stands, and what was done to it.
    public struct Entry: Sendable, Hashable, Identifiable {
        /// As recorded.
        public let event: ChartEvent
        /// The data in force, where an amendment stands.
        private let amended: EventBody?
        /// In position order.
        public let corrections: [ChartEvent]
        public let isVoided: Bool

        public var id: UUID { event.id }
        /// The data in force.
        public var body: EventBody { amended ?? event.body }
        public var isAmended: Bool { amended.map { $0 != event.body } ?? false }
        /// What folds go by: the data in force.
        public var inForce: ChartEvent { amended.map { event.with(body: $0) } ?? event }

        init(_ entry: History.Entry) {
            event = entry.event
            amended = entry.isAmended ? entry.body : nil
            corrections = entry.corrections
            isVoided = entry.isVoided
        }

        /// In the order of happening.
        static func all(of history: History) -> [Entry] {
            let entries = history.entries.map(Entry.init)
            // Most of what happens is charted in order.
            let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { !$1.event.happened(before: $0.event) }
            return isInOrder ? entries : entries.sorted { $0.event.happened(before: $1.event) }
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
    public var json: JSON { .written { self.write(to: &$0) } }

    func write(to writer: inout CanonicalWriter) { event.write(to: &writer, as: self) }

    public init(json: JSON, stream: StreamID) throws(DocumentError) {
        let fields = try DocumentFields(json, "entry")
        let current = try ChartEvent(json: json, stream: stream)
        if let original = try fields.optional("original", { $0 }) {
            event = current.with(body: try EventBody(document: original, type: current.body.type))
            amended = current.body
        } else {
            event = current
            amended = nil
        }
        corrections = try fields.list("corrections").map { json throws(DocumentError) in try ChartEvent(json: json, stream: stream) }
        isVoided = try fields.optional("voided", \.flag) ?? false
    }
}

extension ChartEvent {
    /// The envelope, `data` and `signatures`, without the stream.
    var members: [String: JSON] {
        guard case .object(let members) = JSON.written({ self.write(to: &$0) }) else { return [:] }
        return members
    }

    /// - Parameter entry: what became of it, where it is written as a fact of a chart.
    func write(to writer: inout CanonicalWriter, as entry: Chart.Entry? = nil) {
        writer.object { writer in
            writer.key("actor")
            writer.string(actor)
            if let chartedAt {
                writer.key("charted_at")
                writer.time(chartedAt)
            }
            writer.key("command")
            writer.uuid(command)
            if let entry, !entry.corrections.isEmpty {
                writer.key("corrections")
                writer.array(of: entry.corrections) { $1.write(to: &$0) }
            }
            let amended = entry.flatMap { $0.isAmended ? $0.body : nil }
            writer.key("data")
            writer.canonical(amended?.data.canonical ?? canonicalData)
            if let delay = entry?.delay {
                writer.key("entered_after_min")
                writer.number(delay / 60_000_000)
            }
            writer.key("event")
            writer.uuid(id)
            writer.key("occurred_at")
            writer.time(occurredAt)
            if amended != nil {
                writer.key("original")
                writer.canonical(canonicalData)
            }
            if let override {
                writer.key("override")
                writer.object { writer in
                    writer.key("gate")
                    writer.string(override.gate.rawValue)
                    writer.key("reason")
                    writer.string(override.reason)
                }
            }
            writer.key("position")
            writer.number(position)
            writer.key("recorded_at")
            writer.time(recordedAt)
            if !signatures.isEmpty {
                writer.key("signatures")
                writer.canonical(JSON.array(signatures.map(FieldWriter.write)).canonical)
            }
            writer.key("type")
            writer.string(body.type.rawValue)
            writer.key("version")
            writer.number(version)
            if entry?.isVoided == true {
                writer.key("voided")
                writer.bool(true)
            }
        }
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

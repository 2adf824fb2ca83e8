public import Canonical
public import Clinic
public import Foundation

/// An event that a verdict rests on: enough to find it in the log and to name it to people.
public struct DecidingEvent: Sendable, Hashable {
    public let event: UUID
    public let position: Int64
    public let stream: StreamID
    public let type: EventType
    public let actor: String
    public let occurredAt: Timestamp

    public init(_ event: ChartEvent) {
        self.event = event.id
        position = event.position
        stream = event.stream
        type = event.body.type
        actor = event.actor
        occurredAt = event.occurredAt
    }

    init(_ charted: Charted<some EventData>, on stream: StreamID) {
        self.init(charted, Swift.type(of: charted.body).eventType, on: stream)
    }

    init(_ override: GateOverride, on stream: StreamID) {
        event = override.event
        position = override.position
        self.stream = stream
        type = override.type
        actor = override.actor
        occurredAt = override.at
    }

    private init(_ charted: Charted<some EventData>, _ type: EventType, on stream: StreamID) {
        event = charted.id
        position = charted.position
        self.stream = stream
        self.type = type
        actor = charted.actor
        occurredAt = charted.at
    }
}

extension DecidingEvent {
    /// `{"actor","event","occurred_at","position","stream","type"}`.
    public var json: JSON { .written { self.write(to: &$0) } }

    func write(to writer: inout CanonicalWriter) {
        writer.object { writer in
            writer.member("actor", actor)
            writer.member("event", event)
            writer.member("occurred_at", occurredAt)
            writer.member("position", position)
            writer.member("stream", stream.description)
            writer.member("type", type.rawValue)
        }
    }

    public init(json: JSON) throws(DocumentError) {
        let fields = try DocumentFields(json, "deciding")
        event = try fields.required("event", \.uuid)
        position = try fields.required("position", \.int64)
        stream = try fields.required("stream", \.streamID)
        type = try fields.required("type") { $0.text.flatMap(EventType.init) }
        actor = try fields.required("actor", \.text)
        occurredAt = try fields.required("occurred_at", \.time)
    }

    /// Reads the column `deciding`.
    public static func list(_ text: String) throws(DocumentError) -> [DecidingEvent] {
        guard let elements = (try? JSON.parse(text))?.elements else { throw DocumentError(field: "deciding") }
        return try elements.map { json throws(DocumentError) in try DecidingEvent(json: json) }
    }
}

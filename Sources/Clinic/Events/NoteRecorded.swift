/// Free text in the chart. Never blocked.
public struct NoteRecorded: EventData {
    public static var eventType: EventType { .noteRecorded }
    public static var streams: Set<StreamKind> { [.patient, .session, .clinic] }

    public let text: String
}

extension NoteRecorded {
    public init(reading fields: inout FieldReader) {
        text = fields.required("text", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("text", text)
    }

    public var summary: String { "Note: \(text.onOneLine)" }
}

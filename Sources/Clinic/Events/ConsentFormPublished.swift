/// A consent form's text becomes current. Signatures name its version and the SHA-256 of its text.
public struct ConsentFormPublished: EventData {
    public static var eventType: EventType { .consentFormPublished }
    public static var streams: Set<StreamKind> { [.clinic] }

    public let form: String
    public let version: String
    public let text: String
}

extension ConsentFormPublished {
    public init(reading fields: inout FieldReader) {
        form = fields.required("form", .text(.identifier))
        version = fields.required("version", .text(.identifier))
        text = fields.required("text", .text(.document))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("form", form)
        fields.put("version", version)
        fields.put("text", text)
    }

    public var summary: String { "Consent form \(form) version \(version) published" }
}

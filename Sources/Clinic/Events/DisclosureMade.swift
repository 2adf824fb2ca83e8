public import Foundation

/// Health information was given to somebody outside, for which the patient may ask an account (45 CFR 164.528).
public struct DisclosureMade: EventData {
    public static var eventType: EventType { .disclosureMade }
    public static var streams: Set<StreamKind> { [.access] }

    public let patient: UUID
    public let recipient: String
    public let recipientAddress: String?
    public let description: String
    public let purpose: String
}

extension DisclosureMade {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        recipient = fields.required("recipient", .text(.line))
        recipientAddress = fields.optional("recipient_address", .text(.line))
        description = fields.required("description", .text(.note))
        purpose = fields.required("purpose", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("recipient", recipient)
        fields.put("recipient_address", recipientAddress)
        fields.put("description", description)
        fields.put("purpose", purpose)
    }

    public var summary: String { "Disclosed to \(recipient): \(description.onOneLine) (\(purpose.onOneLine))" }

    public var subject: StreamID? { .patient(patient) }
}

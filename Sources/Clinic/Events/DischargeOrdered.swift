/// A prescriber allows the patient to go home (42 CFR 416.52(c)(2)).
public struct DischargeOrdered: EventData {
    public static var eventType: EventType { .dischargeOrdered }
    public static var streams: Set<StreamKind> { [.session] }

    /// Staff handle of the prescriber.
    public let by: String
    public let note: String?
}

extension DischargeOrdered {
    public init(reading fields: inout FieldReader) {
        by = fields.required("by", .handle)
        note = fields.optional("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("by", by)
        fields.put("note", note)
    }

    public var summary: String { "Discharge ordered by \(by)" + (note.map { ": \($0.onOneLine)" } ?? "") }
}

/// Drug is missing: theft or significant loss (21 CFR 1301.76(b)).
public struct DrugLossReported: EventData {
    public static var eventType: EventType { .drugLossReported }
    public static var streams: Set<StreamKind> { [.vial] }

    /// Above 0, at most 100,000.
    public let amountMg: Milligrams
    /// The reference of DEA Form 106.
    public let form106: String?
    public let note: String
}

extension DrugLossReported {
    public init(reading fields: inout FieldReader) {
        amountMg = fields.required("amount_mg", .quantity(.above(0, through: 100_000)))
        form106 = fields.optional("form_106", .text(.identifier))
        note = fields.required("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("amount_mg", amountMg)
        fields.put("form_106", form106)
        fields.put("note", note)
    }

    public var summary: String {
        "Loss of \(amountMg.withUnit) reported, " + (form106.map { "Form 106 \($0)" } ?? "no Form 106 yet") + ": \(note.onOneLine)"
    }
}

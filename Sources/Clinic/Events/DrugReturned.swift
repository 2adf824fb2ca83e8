/// An amount leaves the clinic for a supplier or a reverse distributor.
public struct DrugReturned: EventData {
    public static var eventType: EventType { .drugReturned }
    public static var streams: Set<StreamKind> { [.vial] }

    /// Above 0, at most 100,000.
    public let amountMg: Milligrams
}

extension DrugReturned {
    public init(reading fields: inout FieldReader) {
        amountMg = fields.required("amount_mg", .quantity(.above(0, through: 100_000)))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("amount_mg", amountMg)
    }

    public var summary: String { "Returned \(amountMg.withUnit)" }
}

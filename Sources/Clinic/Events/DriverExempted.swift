/// A prescriber decides that this patient may leave without a driver (42 CFR 416.52(c)(3) allows the exemption by the attending).
public struct DriverExempted: EventData {
    public static var eventType: EventType { .driverExempted }
    public static var streams: Set<StreamKind> { [.session] }

    public let reason: String
    /// Staff handle of the prescriber.
    public let by: String
}

extension DriverExempted {
    public init(reading fields: inout FieldReader) {
        reason = fields.required("reason", .text(.note))
        by = fields.required("by", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
        fields.put("by", by)
    }

    public var summary: String { "Driver not needed, by \(by): \(reason.onOneLine)" }
}

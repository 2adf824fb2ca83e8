/// A single dose on top of the running infusion, from the same vial. It counts as given in full at `occurred_at`.
public struct BolusGiven: EventData {
    public static var eventType: EventType { .bolusGiven }
    public static var streams: Set<StreamKind> { [.session] }

    /// Above 0, at most 350: 1 mg/kg for the heaviest patient.
    public let doseMg: Milligrams
    /// 0–60 minutes; 0 is a push.
    public let overMin: Minutes
    public let reason: String
    /// Staff handle.
    public let orderedBy: String
}

extension BolusGiven {
    public init(reading fields: inout FieldReader) {
        doseMg = fields.required("dose_mg", .quantity(.above(0, through: 350)))
        overMin = fields.required("over_min", .quantity(.from(0, through: 60)))
        reason = fields.required("reason", .text(.note))
        orderedBy = fields.required("ordered_by", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("dose_mg", doseMg)
        fields.put("over_min", overMin)
        fields.put("reason", reason)
        fields.put("ordered_by", orderedBy)
    }

    public var summary: String { "Bolus of \(doseMg.withUnit) over \(overMin.withUnit), ordered by \(orderedBy): \(reason.onOneLine)" }
}

/// The drip ends. Never blocked while one runs.
public struct InfusionStopped: EventData {
    public static var eventType: EventType { .infusionStopped }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Reason: String, Choice {
        case complete
        case adverseEvent = "adverse_event"
        case patientRequest = "patient_request"
        case equipment, other
    }

    public let reason: Reason
    /// As the pump shows it, 0–100,000. Audits compare it with the integral of the charted rate.
    public let totalMg: Milligrams
    /// 0–100,000.
    public let totalMl: Millilitres
}

extension InfusionStopped {
    public init(reading fields: inout FieldReader) {
        reason = fields.required("reason", .choice())
        totalMg = fields.required("total_mg", .quantity(.from(0, through: 100_000)))
        totalMl = fields.required("total_ml", .quantity(.from(0, through: 100_000)))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("reason", reason)
        fields.put("total_mg", totalMg)
        fields.put("total_ml", totalMl)
    }

    public var summary: String {
        "Infusion stopped (\(reason.rawValue.replacing("_", with: " "))), \(totalMg.withUnit) in \(totalMl.withUnit) given"
    }
}

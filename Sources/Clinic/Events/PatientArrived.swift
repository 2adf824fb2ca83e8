public import Canonical
public import Foundation

/// The patient is here and weighed. Every bound by weight in this session uses this weight.
public struct PatientArrived: EventData {
    public static var eventType: EventType { .patientArrived }
    public static var streams: Set<StreamKind> { [.session] }

    public let patient: UUID
    /// 20–350.
    public let weightKg: Kilograms
    /// 90–250.
    public let heightCm: Centimetres?
    public let lastClearLiquidAt: Timestamp?
    public let lastLightMealAt: Timestamp?
    public let lastHeavyMealAt: Timestamp?
}

extension PatientArrived {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        weightKg = fields.required("weight_kg", .quantity(.from(20, through: 350)))
        heightCm = fields.optional("height_cm", .quantity(.from(90, through: 250)))
        lastClearLiquidAt = fields.optional("last_clear_liquid_at", .time)
        lastLightMealAt = fields.optional("last_light_meal_at", .time)
        lastHeavyMealAt = fields.optional("last_heavy_meal_at", .time)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("weight_kg", weightKg)
        fields.put("height_cm", heightCm)
        fields.put("last_clear_liquid_at", lastClearLiquidAt)
        fields.put("last_light_meal_at", lastLightMealAt)
        fields.put("last_heavy_meal_at", lastHeavyMealAt)
    }

    public var summary: String { "Arrived, \(weightKg.withUnit)" + (heightCm.map { ", \($0.withUnit)" } ?? "") }

    public var subject: StreamID? { .patient(patient) }
}

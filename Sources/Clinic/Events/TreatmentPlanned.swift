public import Foundation

/// A prescriber's personal plan for a series of sessions. Doses are by weight, because the weight at each arrival decides the amounts.
public struct TreatmentPlanned: EventData {
    public static var eventType: EventType { .treatmentPlanned }
    public static var streams: Set<StreamKind> { [.patient] }

    public let plan: UUID
    /// 1–20.
    public let sessions: Int
    /// 1–90.
    public let intervalDays: Int
    /// Above 0, never more than ``maxMgPerKg``.
    public let targetMgPerKg: MilligramsPerKilogram
    /// Above 0, at most 17, for one session.
    public let maxMgPerKg: MilligramsPerKilogram
    /// 0–2.
    public let maxRateMgPerKgPerH: MilligramsPerKilogramPerHour
    /// 10–480.
    public let durationMin: Int
    /// 0–1. Without it no bolus is planned.
    public let bolusMaxMgPerKg: MilligramsPerKilogram?
    public let premedication: [String]?
    /// Staff handle.
    public let prescriber: String

    /// The highest rate (2 mg/kg/h) for the longest session (480 min) and the largest bolus (1 mg/kg) together.
    static var highestDose: MilligramsPerKilogram { 17 }
}

extension TreatmentPlanned {
    public init(reading fields: inout FieldReader) {
        plan = fields.required("plan", .uuid)
        sessions = fields.required("sessions", .integer(1...20))
        intervalDays = fields.required("interval_days", .integer(1...90))
        targetMgPerKg = fields.required("target_mg_per_kg", .quantity(.above(0, through: Self.highestDose)))
        maxMgPerKg = fields.required("max_mg_per_kg", .quantity(.above(0, through: Self.highestDose)))
        maxRateMgPerKgPerH = fields.required("max_rate_mg_per_kg_per_h", .quantity(.from(0, through: 2)))
        durationMin = fields.required("duration_min", .integer(10...480))
        bolusMaxMgPerKg = fields.optional("bolus_max_mg_per_kg", .quantity(.from(0, through: 1)))
        premedication = fields.optional("premedication", .list(of: .text(.line), 0...20))
        prescriber = fields.required("prescriber", .handle)
        fields.check(targetMgPerKg <= maxMgPerKg, "target_mg_per_kg", "must not be more than max_mg_per_kg", with: "max_mg_per_kg")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("plan", plan)
        fields.put("sessions", sessions)
        fields.put("interval_days", intervalDays)
        fields.put("target_mg_per_kg", targetMgPerKg)
        fields.put("max_mg_per_kg", maxMgPerKg)
        fields.put("max_rate_mg_per_kg_per_h", maxRateMgPerKgPerH)
        fields.put("duration_min", durationMin)
        fields.put("bolus_max_mg_per_kg", bolusMaxMgPerKg)
        fields.put("premedication", premedication)
        fields.put("prescriber", prescriber)
    }

    public var summary: String {
        let doses = "target \(targetMgPerKg) (at most \(maxMgPerKg)) mg/kg in \(durationMin) min, up to \(maxRateMgPerKgPerH.withUnit)"
        return "Plan: \(sessions) \(sessions == 1 ? "session" : "sessions") every \(intervalDays) d, \(doses), by \(prescriber)"
    }
}

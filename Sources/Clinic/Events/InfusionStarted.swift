public import Foundation

/// The drip starts to run. Rates are absolute; the decision compares them with the plan by the arrival weight.
public struct InfusionStarted: EventData {
    public static var eventType: EventType { .infusionStarted }
    public static var streams: Set<StreamKind> { [.session] }

    public let drug: String
    /// The vial's stream.
    public let vial: UUID
    /// Above 0, at most 100.
    public let concentrationMgPerMl: MilligramsPerMillilitre
    /// 0–700: 2 mg/kg/h for the heaviest patient, 350 kg.
    public let rateMgPerH: MilligramsPerHour
    /// 0–350: 1 mg/kg for the heaviest patient.
    public let bolusMg: Milligrams?
    public let pump: String?
    /// 1–1,440.
    public let plannedMin: Int
    /// Staff handle.
    public let prescriber: String

    static var rates: Limits<MilligramsPerHour> { .from(0, through: 700) }
}

extension InfusionStarted {
    public init(reading fields: inout FieldReader) {
        drug = fields.required("drug", .text(.line))
        vial = fields.required("vial", .uuid)
        concentrationMgPerMl = fields.required("concentration_mg_per_ml", .quantity(.above(0, through: 100)))
        rateMgPerH = fields.required("rate_mg_per_h", .quantity(Self.rates))
        bolusMg = fields.optional("bolus_mg", .quantity(.from(0, through: 350)))
        pump = fields.optional("pump", .text(.identifier))
        plannedMin = fields.required("planned_min", .integer(1...1_440))
        prescriber = fields.required("prescriber", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("drug", drug)
        fields.put("vial", vial)
        fields.put("concentration_mg_per_ml", concentrationMgPerMl)
        fields.put("rate_mg_per_h", rateMgPerH)
        fields.put("bolus_mg", bolusMg)
        fields.put("pump", pump)
        fields.put("planned_min", plannedMin)
        fields.put("prescriber", prescriber)
    }

    public var summary: String {
        let bolus = bolusMg.map { ", bolus \($0.withUnit)" } ?? ""
        return "Infusion of \(drug) started at \(rateMgPerH.withUnit)\(bolus), \(plannedMin) min planned, by \(prescriber)"
    }

    /// The vial, so that the sessions that draw from it are found from the log alone.
    public var subject: StreamID? { .vial(vial) }
}

/// Another drug than the infusion: an antiemetic, an antihypertensive, oxygen. Never blocked.
public struct MedicationGiven: EventData {
    public static var eventType: EventType { .medicationGiven }
    public static var streams: Set<StreamKind> { [.session] }

    public enum DoseUnit: String, Choice {
        case mg, mcg, mL
        case litresPerMinute = "L_per_min"

        public var label: String { self == .litresPerMinute ? "L/min" : rawValue }
    }

    public enum Route: String, Choice {
        case iv, im, po, sl, inhaled
        case intranasal = "in"

        public var label: String {
            switch self {
            case .inhaled: rawValue
            case .intranasal: "intranasal"
            default: rawValue.uppercased()
            }
        }
    }

    public let drug: String
    /// Above 0, at most 100,000, in ``unit``.
    public let dose: DoseAmount
    public let unit: DoseUnit
    public let route: Route
    public let indication: String
    /// Staff handle.
    public let orderedBy: String
}

extension MedicationGiven {
    public init(reading fields: inout FieldReader) {
        drug = fields.required("drug", .text(.line))
        dose = fields.required("dose", .quantity(.above(0, through: 100_000)))
        unit = fields.required("unit", .choice())
        route = fields.required("route", .choice())
        indication = fields.required("indication", .text(.line))
        orderedBy = fields.required("ordered_by", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("drug", drug)
        fields.put("dose", dose)
        fields.put("unit", unit)
        fields.put("route", route)
        fields.put("indication", indication)
        fields.put("ordered_by", orderedBy)
    }

    public var summary: String { "\(drug) \(dose) \(unit.label) \(route.label) for \(indication), ordered by \(orderedBy)" }
}

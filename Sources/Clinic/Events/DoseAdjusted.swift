/// The rate of a running infusion changes. To 0 is a pause.
public struct DoseAdjusted: EventData {
    public static var eventType: EventType { .doseAdjusted }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Reason: String, Choice {
        case titration
        case sideEffect = "side_effect"
        case vitals
        case patientRequest = "patient_request"
        case pause, resume, other
    }

    /// The rate as the author saw it; the decision compares it with the charted one.
    public let fromRateMgPerH: MilligramsPerHour
    /// 0–700; 0 is paused.
    public let toRateMgPerH: MilligramsPerHour
    public let reason: Reason
    /// Staff handle.
    public let orderedBy: String
    public let note: String?
}

extension DoseAdjusted {
    public init(reading fields: inout FieldReader) {
        fromRateMgPerH = fields.required("from_rate_mg_per_h", .quantity(InfusionStarted.rates))
        toRateMgPerH = fields.required("to_rate_mg_per_h", .quantity(InfusionStarted.rates))
        reason = fields.required("reason", .choice())
        orderedBy = fields.required("ordered_by", .handle)
        note = fields.optional("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("from_rate_mg_per_h", fromRateMgPerH)
        fields.put("to_rate_mg_per_h", toRateMgPerH)
        fields.put("reason", reason)
        fields.put("ordered_by", orderedBy)
        fields.put("note", note)
    }

    public var summary: String {
        let why = "(\(reason.rawValue.replacing("_", with: " "))), ordered by \(orderedBy)"
        if fromRateMgPerH == toRateMgPerH { return "Dose kept at \(toRateMgPerH.withUnit) \(why)" }
        return "Dose \(change) \(fromRateMgPerH) → \(toRateMgPerH.withUnit) \(why)"
    }

    private var change: String {
        if toRateMgPerH == .zero { return "paused" }
        if fromRateMgPerH == .zero { return "resumed" }
        return toRateMgPerH > fromRateMgPerH ? "raised" : "lowered"
    }
}

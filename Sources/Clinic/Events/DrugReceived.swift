public import Canonical

/// A vial of a controlled drug comes into the clinic: the first event of its stream (21 CFR 1304.22(c)).
public struct DrugReceived: EventData {
    public static var eventType: EventType { .drugReceived }
    public static var streams: Set<StreamKind> { [.vial] }

    public let drug: String
    /// The finished form: `injection`.
    public let form: String
    public let lot: String
    /// National Drug Code.
    public let ndc: String?
    /// Above 0, at most 100.
    public let concentrationMgPerMl: MilligramsPerMillilitre
    /// Above 0, at most 1,000.
    public let volumeMl: Millilitres
    public let expiresOn: CalendarDate
    public let supplier: String
    public let invoice: String?
}

extension DrugReceived {
    public init(reading fields: inout FieldReader) {
        drug = fields.required("drug", .text(.line))
        form = fields.required("form", .text(.line))
        lot = fields.required("lot", .text(.identifier))
        ndc = fields.optional("ndc", .text(.identifier))
        concentrationMgPerMl = fields.required("concentration_mg_per_ml", .quantity(.above(0, through: 100)))
        volumeMl = fields.required("volume_ml", .quantity(.above(0, through: 1_000)))
        expiresOn = fields.required("expires_on", .date)
        supplier = fields.required("supplier", .text(.line))
        invoice = fields.optional("invoice", .text(.identifier))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("drug", drug)
        fields.put("form", form)
        fields.put("lot", lot)
        fields.put("ndc", ndc)
        fields.put("concentration_mg_per_ml", concentrationMgPerMl)
        fields.put("volume_ml", volumeMl)
        fields.put("expires_on", expiresOn)
        fields.put("supplier", supplier)
        fields.put("invoice", invoice)
    }

    public var summary: String {
        "Received \(drug) \(form), \(volumeMl.withUnit) at \(concentrationMgPerMl.withUnit), lot \(lot), from \(supplier)"
    }

    /// What the vial holds, rounded half up to the microgram: thousandths of mg/mL × thousandths of mL are millionths of mg.
    public var contentMg: Milligrams {
        Milligrams(thousandths: (concentrationMgPerMl.thousandths * volumeMl.thousandths + 500) / 1_000)
    }
}

public import Foundation

/// An amount is drawn from the vial for one session (21 CFR 1304.22(c)).
public struct DrugDispensed: EventData {
    public static var eventType: EventType { .drugDispensed }
    public static var streams: Set<StreamKind> { [.vial] }

    public let session: UUID
    public let patient: UUID
    /// Above 0, at most 100,000.
    public let drawnMg: Milligrams
    /// Staff handle of who takes it to the chair.
    public let to: String
}

extension DrugDispensed {
    public init(reading fields: inout FieldReader) {
        session = fields.required("session", .uuid)
        patient = fields.required("patient", .uuid)
        drawnMg = fields.required("drawn_mg", .quantity(.above(0, through: 100_000)))
        to = fields.required("to", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("session", session)
        fields.put("patient", patient)
        fields.put("drawn_mg", drawnMg)
        fields.put("to", self.to)
    }

    public var summary: String { "Dispensed \(drawnMg.withUnit) to \(to)" }

    public var subject: StreamID? { .session(session) }
}

/// The clinician's look at the patient before anything is given.
public struct PreInfusionAssessed: EventData {
    public static var eventType: EventType { .preInfusionAssessed }
    public static var streams: Set<StreamKind> { [.session] }

    public enum PregnancyTest: String, Choice {
        case negative, positive
        case notApplicable = "not_applicable"
        case declined
    }

    /// Numeric rating scale, 0–10: the pain before the session.
    public let painNrs: Int
    public let oriented: Bool
    public let pregnancyTest: PregnancyTest?
    public let note: String?
}

extension PreInfusionAssessed {
    public init(reading fields: inout FieldReader) {
        painNrs = fields.required("pain_nrs", .integer(0...10))
        oriented = fields.required("oriented", .flag)
        pregnancyTest = fields.optional("pregnancy_test", .choice())
        note = fields.optional("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("pain_nrs", painNrs)
        fields.put("oriented", oriented)
        fields.put("pregnancy_test", pregnancyTest)
        fields.put("note", note)
    }

    public var summary: String {
        let test = pregnancyTest.map { ", pregnancy test \($0.rawValue.replacing("_", with: " "))" } ?? ""
        return "Assessed: pain \(painNrs)/10, \(oriented ? "oriented" : "NOT ORIENTED")\(test)" + (note.map { " (\($0.onOneLine))" } ?? "")
    }
}

/// The patient leaves with written instructions (42 CFR 416.52(c)(1)).
public struct Discharged: EventData {
    public static var eventType: EventType { .discharged }
    public static var streams: Set<StreamKind> { [.session] }

    public let instructionsVersion: String
    public let condition: String
    public let releasedTo: String?
}

extension Discharged {
    public init(reading fields: inout FieldReader) {
        instructionsVersion = fields.required("instructions_version", .text(.identifier))
        condition = fields.required("condition", .text(.note))
        releasedTo = fields.optional("released_to", .text(.line))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("instructions_version", instructionsVersion)
        fields.put("condition", condition)
        fields.put("released_to", releasedTo)
    }

    public var summary: String {
        "Discharged: \(condition.onOneLine)" + (releasedTo.map { ", released to \($0)" } ?? "") + ", instructions \(instructionsVersion)"
    }
}

/// A cannula comes out. Never blocked while one is in.
public struct IVRemoved: EventData {
    public static var eventType: EventType { .ivRemoved }
    public static var streams: Set<StreamKind> { [.session] }

    public let site: IVInserted.Site
    public let side: IVInserted.Side
    /// Whether the cannula came out whole.
    public let intact: Bool
    public let reason: String?
}

extension IVRemoved {
    public init(reading fields: inout FieldReader) {
        site = fields.required("site", .choice())
        side = fields.required("side", .choice())
        intact = fields.required("intact", .flag)
        reason = fields.optional("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("site", site)
        fields.put("side", side)
        fields.put("intact", intact)
        fields.put("reason", reason)
    }

    public var summary: String {
        "IV out, \(side.rawValue) \(site.label), \(intact ? "intact" : "NOT INTACT")" + (reason.map { ": \($0.onOneLine)" } ?? "")
    }
}

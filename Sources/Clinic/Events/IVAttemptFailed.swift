/// A cannula that did not go in.
public struct IVAttemptFailed: EventData {
    public static var eventType: EventType { .ivAttemptFailed }
    public static var streams: Set<StreamKind> { [.session] }

    public let site: IVInserted.Site
    public let side: IVInserted.Side
    /// 14, 16, 18, 20, 22, 24 or 26.
    public let gauge: Int
    public let reason: String
}

extension IVAttemptFailed {
    public init(reading fields: inout FieldReader) {
        site = fields.required("site", .choice())
        side = fields.required("side", .choice())
        gauge = fields.required("gauge", .integer(among: IVInserted.gauges))
        reason = fields.required("reason", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("site", site)
        fields.put("side", side)
        fields.put("gauge", gauge)
        fields.put("reason", reason)
    }

    public var summary: String { "IV attempt failed, \(gauge) G, \(side.rawValue) \(site.label): \(reason.onOneLine)" }
}

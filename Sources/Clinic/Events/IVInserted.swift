/// A cannula goes in.
public struct IVInserted: EventData {
    public static var eventType: EventType { .ivInserted }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Site: String, Choice {
        case antecubitalFossa = "antecubital_fossa"
        case forearm, wrist, hand
        case upperArm = "upper_arm"
    }

    public enum Side: String, Choice {
        case left, right
    }

    public let site: Site
    public let side: Side
    /// 14, 16, 18, 20, 22, 24 or 26.
    public let gauge: Int
    /// 1–5, this one included.
    public let attempts: Int
    /// Whether it flushes.
    public let patent: Bool

    static let gauges = [14, 16, 18, 20, 22, 24, 26]
}

extension IVInserted {
    public init(reading fields: inout FieldReader) {
        site = fields.required("site", .choice())
        side = fields.required("side", .choice())
        gauge = fields.required("gauge", .integer(among: Self.gauges))
        attempts = fields.required("attempts", .integer(1...5))
        patent = fields.required("patent", .flag)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("site", site)
        fields.put("side", side)
        fields.put("gauge", gauge)
        fields.put("attempts", attempts)
        fields.put("patent", patent)
    }

    public var summary: String {
        let tries = attempts == 1 ? "" : ", \(attempts) attempts"
        return "IV in, \(gauge) G, \(side.rawValue) \(site.label)\(tries), \(patent ? "patent" : "not patent")"
    }
}

extension IVInserted.Site {
    public var label: String { rawValue.replacing("_", with: " ") }
}

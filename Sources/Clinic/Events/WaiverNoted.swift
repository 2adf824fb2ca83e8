public import Canonical

/// A prescriber sets a rule aside for a span of this session, with a reason: vitals every ten minutes for a patient who sleeps.
public struct WaiverNoted: EventData {
    public static var eventType: EventType { .waiverNoted }
    public static var streams: Set<StreamKind> { [.session] }

    /// The id of the rule: `M1`.
    public let rule: String
    public let reason: String
    public let from: Timestamp
    /// Not before ``from``.
    public let to: Timestamp
}

extension WaiverNoted {
    public init(reading fields: inout FieldReader) {
        rule = fields.required("rule", .text(.identifier))
        reason = fields.required("reason", .text(.note))
        from = fields.required("from", .time)
        to = fields.required("to", .time)
        fields.check(from <= to, "to", "must not be before from", with: "from")
        fields.check(Self.isRuleID(rule), "rule", "must be the id of a rule such as M1")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("rule", rule)
        fields.put("reason", reason)
        fields.put("from", from)
        fields.put("to", to)
    }

    public var summary: String { "Waiver of \(rule) from \(from.clock) to \(to.clock): \(reason.onOneLine)" }

    private static func isRuleID(_ text: String) -> Bool {
        guard let letter = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) else { return false }
        let digits = text.utf8.dropFirst()
        return (1...2).contains(digits.count) && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

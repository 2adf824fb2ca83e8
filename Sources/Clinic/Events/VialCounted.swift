/// Somebody looked: this is what the vial holds now.
public struct VialCounted: EventData {
    public static var eventType: EventType { .vialCounted }
    public static var streams: Set<StreamKind> { [.vial] }

    /// 0–100,000.
    public let onHandMg: Milligrams
    /// Staff handle.
    public let witness: String?
}

extension VialCounted {
    public init(reading fields: inout FieldReader) {
        onHandMg = fields.required("on_hand_mg", .quantity(.from(0, through: 100_000)))
        witness = fields.optional("witness", .handle)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("on_hand_mg", onHandMg)
        fields.put("witness", witness)
    }

    public var summary: String { "Counted \(onHandMg.withUnit) on hand" + (witness.map { ", witnessed by \($0)" } ?? "") }
}

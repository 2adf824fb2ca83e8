public import Canonical
public import Foundation

/// All controlled drugs on hand are counted at one time (21 CFR 1304.11: at the open or the close of business).
public struct InventoryTaken: EventData {
    public static var eventType: EventType { .inventoryTaken }
    public static var streams: Set<StreamKind> { [.clinic] }

    public enum Moment: String, Choice {
        case open, close
    }

    public struct Line: FieldGroup {
        public let vial: UUID
        /// 0–100,000.
        public let onHandMg: Milligrams
    }

    public let takenAt: Timestamp
    public let at: Moment
    /// Each vial once.
    public let lines: [Line]

    private static let longestList = 10_000
}

extension InventoryTaken {
    public init(reading fields: inout FieldReader) {
        takenAt = fields.required("taken_at", .time)
        at = fields.required("at", .choice())
        lines = fields.required("lines", .list(of: .group(), 0...Self.longestList))
        fields.check(Set(lines.map(\.vial)).count == lines.count, "lines", "must not name one vial twice")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("taken_at", takenAt)
        fields.put("at", at)
        fields.put("lines", lines)
    }

    public var summary: String { "Inventory taken at \(takenAt.clock), \(at.rawValue) of business, \(lines.count) vials" }
}

extension InventoryTaken.Line {
    public init(reading fields: inout FieldReader) {
        vial = fields.required("vial", .uuid)
        onHandMg = fields.required("on_hand_mg", .quantity(.from(0, through: 100_000)))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("vial", vial)
        fields.put("on_hand_mg", onHandMg)
    }
}

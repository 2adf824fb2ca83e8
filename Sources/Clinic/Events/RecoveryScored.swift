public import Canonical

/// A recovery score before discharge: Aldrete (J Clin Anesth 1995) or PADSS (Chung, J Clin Anesth 1995). Each item is 0–2; ready at 9 or more.
public struct RecoveryScored: EventData {
    public static var eventType: EventType { .recoveryScored }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Scale: String, Choice {
        case aldrete, padss

        /// The items that are scored, all of them and no others.
        public var items: [Item] {
            switch self {
            case .aldrete: [.activity, .respiration, .circulation, .consciousness, .oxygen]
            case .padss: [.vitalSigns, .activity, .nauseaVomiting, .pain, .ivSite]
            }
        }

        public var label: String { self == .aldrete ? "Aldrete" : "PADSS" }
    }

    public enum Item: String, Choice {
        case activity, respiration, circulation, consciousness, oxygen
        case vitalSigns = "vital_signs"
        case nauseaVomiting = "nausea_vomiting"
        case pain
        case ivSite = "iv_site"
    }

    public let scale: Scale
    public let items: [Item: Int]
    /// The sum of the items.
    public let total: Int
}

extension RecoveryScored {
    public init(reading fields: inout FieldReader) {
        let scale: Scale = fields.required("scale", .choice())
        self.scale = scale
        if fields.isSound("scale") {
            items = fields.members(of: "items") { Self.readItems(of: scale, &$0) } ?? [:]
        } else {
            // Which items belong is not known, so nothing can be said but whether there are any.
            let isThere = fields.json("items") != nil
            fields.check(isThere, "items", "is missing; it must be an object")
            items = [:]
        }
        total = fields.required("total", .integer(0...10))
        if fields.isSound("scale") {
            fields.check(total == items.values.reduce(0, +), "total", "must be the sum of the items", with: "items")
        }
    }

    /// Which items there are depends on the scale.
    public static var schema: JSON {
        let plain = FieldReader.schema { _ = Self(reading: &$0) }
        let items = Scale.allCases.map { scale in FieldReader.schema { _ = readItems(of: scale, &$0) } }
        guard case .object(let properties)? = plain["properties"] else { return plain }
        return plain.with(["properties": .object(properties.merging(["items": ["oneOf": .array(items)]]) { $1 })])
    }

    private static func readItems(of scale: Scale, _ fields: inout FieldReader) -> [Item: Int] {
        var items: [Item: Int] = [:]
        for item in scale.items {
            items[item] = fields.required(item.rawValue, .integer(0...2))
        }
        return items
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("scale", scale)
        fields.put("items", items)
        fields.put("total", total)
    }

    public var summary: String { "Recovery score \(total) of 10 (\(scale.label))" }
}

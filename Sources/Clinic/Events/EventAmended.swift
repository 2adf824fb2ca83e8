public import Canonical
public import Foundation

/// Replaces the data of an event on the same stream. The original stays readable; folds use the new data at the original place.
public struct EventAmended: EventData {
    public static var eventType: EventType { .eventAmended }
    public static var streams: Set<StreamKind> { Set(StreamKind.allCases) }

    /// The id of the event that is corrected.
    public let target: UUID
    public let reason: String
    /// The whole replacement, an object. Which fields it must have depends on the target's type, so the decision checks it with
    /// ``EventBody/init(type:data:)`` once it knows the target.
    public let data: JSON
    /// The version of the target's type that `data` is written in; 1 where it is left out. ``Upcast`` reads older ones.
    public let dataVersion: Int?
}

extension EventAmended {
    public init(reading fields: inout FieldReader) {
        target = fields.required("target", .uuid)
        reason = fields.required("reason", .text(.note))
        let given = fields.json("data")
        data = given ?? .null
        dataVersion = fields.optional("data_version", .integer(1...Int(Int16.max)))
        if case .object = data { return }
        fields.check(false, "data", "is \(given?.kind ?? "missing"); it must be an object: the whole replacement")
    }

    /// `data` is that of the target's type.
    public static var schema: JSON {
        let plain = FieldReader.schema { _ = Self(reading: &$0) }
        guard case .object(let properties)? = plain["properties"] else { return plain }
        let data: JSON = ["type": "object", "description": "The whole replacement, as the target's type has it."]
        return plain.with([
            "properties": .object(properties.merging(["data": data]) { $1 }), "required": ["target", "reason", "data"],
        ])
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("target", target)
        fields.put("reason", reason)
        fields.put("data", data)
        fields.put("data_version", dataVersion)
    }

    /// The replacement as the target's type has it now.
    /// - Throws: ``Upcast/UnknownVersion``; ``ValidationError``
    public func body(replacing type: EventType) throws -> EventBody {
        try EventBody(type: type.rawValue, version: dataVersion ?? 1, data: data)
    }

    public var summary: String { "Amended: \(reason.onOneLine)" }
}

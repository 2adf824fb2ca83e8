public import Foundation

/// An observed side effect is over.
public struct SideEffectResolved: EventData {
    public static var eventType: EventType { .sideEffectResolved }
    public static var streams: Set<StreamKind> { [.session] }

    public let effect: SideEffect
    /// The id of the SideEffectObserved event.
    public let observed: UUID
    public let note: String?
}

extension SideEffectResolved {
    public init(reading fields: inout FieldReader) {
        effect = fields.required("effect", .choice())
        observed = fields.required("observed", .uuid)
        note = fields.optional("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("effect", effect)
        fields.put("observed", observed)
        fields.put("note", note)
    }

    public var summary: String { "Side effect resolved: \(effect.label)" + (note.map { " (\($0.onOneLine))" } ?? "") }
}

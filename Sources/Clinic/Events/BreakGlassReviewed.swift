public import Foundation

/// Somebody else looked at an emergency access afterwards and says whether it was right. It stands on the stream of the invocation.
public struct BreakGlassReviewed: EventData {
    public static var eventType: EventType { .breakGlassReviewed }
    public static var streams: Set<StreamKind> { [.access] }

    public enum Outcome: String, Choice {
        case justified
        case notJustified = "not_justified"

        public var label: String { rawValue.replacing("_", with: " ") }
    }

    /// The id of the BreakGlassInvoked event.
    public let invocation: UUID
    public let outcome: Outcome
    public let note: String?
}

extension BreakGlassReviewed {
    public init(reading fields: inout FieldReader) {
        invocation = fields.required("invocation", .uuid)
        outcome = fields.required("outcome", .choice())
        note = fields.optional("note", .text(.note))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("invocation", invocation)
        fields.put("outcome", outcome)
        fields.put("note", note)
    }

    public var summary: String { "Break-glass reviewed: \(outcome.label)" + (note.map { " (\($0.onOneLine))" } ?? "") }
}

public import Canonical

/// A clinician saw an adverse effect and graded it (CTCAE 1–5; never graded from a number alone). Never blocked.
public struct SideEffectObserved: EventData {
    public static var eventType: EventType { .sideEffectObserved }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Relatedness: String, Choice {
        case unrelated, possible, probable, definite
    }

    public enum Action: String, Choice {
        case none, slowed, paused, stopped, medication, oxygen, other
    }

    public let effect: SideEffect
    /// CTCAE, 1–5.
    public let grade: Int
    /// When it began, where that is not when it was charted.
    public let onsetAt: Timestamp?
    public let relatedness: Relatedness
    public let action: Action
    /// Required where ``effect`` is `other`.
    public let note: String?
}

extension SideEffectObserved {
    public init(reading fields: inout FieldReader) {
        effect = fields.required("effect", .choice())
        grade = fields.required("grade", .integer(1...5))
        onsetAt = fields.optional("onset_at", .time)
        relatedness = fields.required("relatedness", .choice())
        action = fields.required("action", .choice())
        note = fields.optional("note", .text(.note))
        fields.check(effect != .other || note != nil, "note", "is required where effect is other", with: "effect")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("effect", effect)
        fields.put("grade", grade)
        fields.put("onset_at", onsetAt)
        fields.put("relatedness", relatedness)
        fields.put("action", action)
        fields.put("note", note)
    }

    public var summary: String {
        let what = effect == .other ? note.map { "other (\($0.onOneLine))" } ?? "other" : effect.label
        let done = action == .none ? "no action" : "action: \(action.rawValue)"
        return "Side effect: \(what), grade \(grade), \(relatedness.rawValue), \(done)"
    }
}

/// What a rule says of a stream. Raw values are the names in the tables and on the wire.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case pass
    case fail
    /// It would fail, but a prescriber decided so at the time, with a reason, through the gate that guards it.
    case overridden
    case notApplicable = "not_applicable"
    /// The session is still open, and nothing is certain yet. Never to be shown as a pass.
    case indeterminate

    /// For people: `not applicable`.
    public var label: String { self == .notApplicable ? "not applicable" : rawValue }
}

/// The values that a field may take, and the words for it.
public struct Limits<Value: Comparable & Sendable & CustomStringConvertible>: Sendable {
    public let lower: Value
    public let upper: Value
    public let includesLower: Bool
    public let includesUpper: Bool

    /// lower ≤ x ≤ upper.
    public static func from(_ lower: Value, through upper: Value) -> Self {
        Self(lower: lower, upper: upper, includesLower: true, includesUpper: true)
    }

    /// lower < x ≤ upper.
    public static func above(_ lower: Value, through upper: Value) -> Self {
        Self(lower: lower, upper: upper, includesLower: false, includesUpper: true)
    }

    /// lower < x < upper.
    public static func between(_ lower: Value, and upper: Value) -> Self {
        Self(lower: lower, upper: upper, includesLower: false, includesUpper: false)
    }

    public func contains(_ value: Value) -> Bool {
        (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
    }

    /// For messages: "more than 0 and less than 300".
    var phrase: String {
        if includesLower && includesUpper { return "from \(lower) to \(upper)" }
        return (includesLower ? "at least \(lower)" : "more than \(lower)") + " and "
            + (includesUpper ? "at most \(upper)" : "less than \(upper)")
    }
}

public import Canonical

/// Times as people read them. All are UTC: a clinic's time zone is not in the domain yet, so every view says so in its header.
extension Timestamp {
    /// `15:30`.
    public var clock: String { String(decoding: Array(description.utf8)[11..<16], as: UTF8.self) }

    /// `2026-11-22 15:30`.
    public var dateAndClock: String { "\(date) \(clock)" }

    /// `15:30` on the day of `other`, else with its date.
    public func clock(besides other: Timestamp) -> String { date == other.date ? clock : dateAndClock }
}

/// A length of time in words.
enum Span {
    private static let second: Int64 = 1_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    private static let day = 24 * hour

    /// The two largest parts that matter, rounded up to a whole second so that a span past a limit never reads like the limit:
    /// `11 min`, `5 min 20 s`, `30 h 12 min`, `3 d 4 h`.
    static func words(_ microseconds: Int64) -> String {
        let whole = (max(microseconds, 0) + second - 1) / second * second
        if whole >= 2 * day { return parts(whole, (day, "d"), (hour, "h")) }
        if whole >= 2 * hour { return parts(whole, (hour, "h"), (minute, "min")) }
        return parts(whole, (minute, "min"), (second, "s"))
    }

    private static func parts(_ span: Int64, _ large: (Int64, String), _ small: (Int64, String)) -> String {
        let (many, rest) = (span / large.0, span % large.0 / small.0)
        if many == 0 { return "\(rest) \(small.1)" }
        return rest == 0 ? "\(many) \(large.1)" : "\(many) \(large.1) \(rest) \(small.1)"
    }
}

/// Lists in a sentence.
enum Phrase {
    /// `a`, `a and b`, `a, b and c`; past `most`, the rest is counted: `a, b, c and 4 more`.
    static func list(_ items: [String], most: Int = 3) -> String {
        var shown = Array(items.prefix(most))
        if items.count > most { shown.append("\(items.count - most) more") }
        guard let last = shown.popLast() else { return "" }
        return shown.isEmpty ? last : shown.joined(separator: ", ") + " and " + last
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

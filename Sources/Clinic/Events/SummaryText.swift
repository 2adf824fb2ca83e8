import Canonical

extension String {
    /// For one-line summaries: lines joined by a space, cut after 120 characters.
    var onOneLine: String {
        let line = split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        return line.count <= 120 ? line : line.prefix(119) + "…"
    }
}

extension Timestamp {
    /// To the minute, UTC: `2026-11-22 15:30 UTC`.
    var clock: String {
        let text = description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
    }
}

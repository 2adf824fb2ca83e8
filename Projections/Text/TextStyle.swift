/// Whether text is for a terminal with colours.
public enum TextStyle: Sendable, Hashable {
    case plain
    /// SGR escape sequences (ECMA-48) for weight and colour.
    case ansi

    /// Colour only adds: whatever it says is also said in words or signs.
    func paint(_ text: String, _ tone: Tone) -> String {
        guard self == .ansi, tone != .normal, !text.isEmpty else { return text }
        return "\u{1B}[\(tone.code)m\(text)\u{1B}[0m"
    }
}

/// What a piece of text is to the reader.
enum Tone: Sendable, Hashable {
    case normal, strong, faint, good, bad, warning

    fileprivate var code: Int {
        switch self {
        case .normal: 0
        case .strong: 1
        case .faint: 2
        case .good: 32
        case .bad: 31
        case .warning: 33
        }
    }
}

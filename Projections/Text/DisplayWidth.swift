/// How many columns text takes on a terminal, and how it is made safe for one.
extension String {
    /// Columns, after Unicode Standard Annex 11: wide letters and emoji take two, combining marks none.
    var displayWidth: Int {
        // Most text is ASCII: one pass over its bytes.
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + $1.displayWidth }
    }

    /// Without what could steer a terminal or turn its writing direction: each such character shown as U+FFFD. Newlines stay.
    var printable: String {
        guard unicodeScalars.contains(where: { $0.steersTerminal && $0 != "\n" }) else { return self }
        var safe = String.UnicodeScalarView()
        for scalar in unicodeScalars { safe.append(scalar == "\t" ? " " : scalar.steersTerminal && scalar != "\n" ? "\u{FFFD}" : scalar) }
        return String(safe)
    }

    func padded(to width: Int, _ side: TextTable.Alignment) -> String {
        let space = String(repeating: " ", count: Swift.max(0, width - displayWidth))
        return side == .left ? self + space : space + self
    }
}

extension Character {
    var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        // An emoji variation selector makes a text sign an emoji.
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        return first.displayWidth
    }
}

extension Unicode.Scalar {
    fileprivate var displayWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if properties.isEmojiPresentation { return 2 }
        return Unicode.Scalar.wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// The blocks that Annex 11 calls wide or full-width, without emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19,
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
    ]

    fileprivate var steersTerminal: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

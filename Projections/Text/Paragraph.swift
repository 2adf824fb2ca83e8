/// Text broken into lines that fit.
enum Paragraph {
    /// Breaks at spaces, and within a word only where it doesn't fit by itself. Newlines in the text stay. At least one line.
    static func lines(_ text: String, width: Int) -> [String] {
        let width = max(width, 8)
        let lines = text.printable.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrap($0, width) }
        return lines.isEmpty ? [""] : lines
    }

    private static func wrap(_ line: Substring, _ width: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        var used = 0
        for word in line.split(separator: " ") {
            for piece in pieces(String(word), width) {
                let size = piece.displayWidth
                if used > 0, used + 1 + size > width {
                    lines.append(current)
                    (current, used) = ("", 0)
                }
                if used > 0 {
                    current += " "
                    used += 1
                }
                current += piece
                used += size
            }
        }
        return lines + [current]
    }

    private static func pieces(_ word: String, _ width: Int) -> [String] {
        guard word.displayWidth > width else { return [word] }
        var pieces: [String] = [""]
        var used = 0
        for character in word {
            let size = character.displayWidth
            if used + size > width {
                pieces.append("")
                used = 0
            }
            pieces[pieces.count - 1].append(character)
            used += size
        }
        return pieces
    }
}

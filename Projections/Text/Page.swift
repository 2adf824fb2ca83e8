/// Lines of text for people, put together from headings, facts and tables.
struct Page {
    let style: TextStyle
    let width: Int
    private(set) var lines: [String] = []

    init(style: TextStyle, width: Int) {
        self.style = style
        self.width = max(width, 60)
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func rule() { lines.append(style.paint(String(repeating: "─", count: width), .faint)) }

    /// An empty line, unless one is there.
    mutating func space() {
        if lines.last?.isEmpty == false { lines.append("") }
    }

    /// One line that needs no wrapping.
    mutating func line(_ text: String, _ tone: Tone = .normal) { lines.append(style.paint(text, tone)) }

    /// Something on the left and something at the right edge; below each other where both don't fit.
    mutating func spread(_ left: String, _ right: String, _ leftTone: Tone = .normal, _ rightTone: Tone = .faint) {
        let (left, right) = (left.printable, right.printable)
        let room = width - left.displayWidth - right.displayWidth
        guard room >= 2 else {
            paragraph(left, leftTone)
            return paragraph(right, rightTone)
        }
        guard !right.isEmpty else { return lines.append(style.paint(left, leftTone)) }
        lines.append(style.paint(left, leftTone) + String(repeating: " ", count: room) + style.paint(right, rightTone))
    }

    mutating func paragraph(_ text: String, _ tone: Tone = .normal, indent: Int = 0) {
        let space = String(repeating: " ", count: indent)
        for line in Paragraph.lines(text, width: width - indent) { lines.append(space + style.paint(line, tone)) }
    }

    /// A label in a column of its own, and text that wraps beside it.
    mutating func fact(_ label: String, _ text: String, labelWidth: Int = 14, _ tone: Tone = .normal) {
        let wrapped = Paragraph.lines(text, width: width - labelWidth)
        for (index, line) in wrapped.enumerated() {
            let head = index == 0 ? style.paint(label.padded(to: labelWidth, .left), .faint) : String(repeating: " ", count: labelWidth)
            lines.append((head + style.paint(line, tone)).trimmingTrailingSpaces)
        }
    }

    mutating func table(_ table: TextTable) { add(table.lines(width: width, style)) }

    /// Lines that are laid out already.
    mutating func add(_ lines: [String]) { self.lines += lines }
}

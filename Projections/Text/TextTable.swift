/// Columns of text for a terminal of fixed width. The last column takes what room is left and wraps.
struct TextTable {
    enum Alignment: Sendable { case left, right }

    struct Column {
        let title: String
        let alignment: Alignment

        init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    struct Cell {
        let text: String
        let tone: Tone

        init(_ text: String, _ tone: Tone = .normal) {
            self.text = text.printable
            self.tone = tone
        }
    }

    private enum Row {
        case cells([Cell])
        /// Across all columns.
        case title(String, Tone)
    }

    let columns: [Column]
    /// Spaces before the first column.
    var indent = 0
    var gap = 2
    private var rows: [Row] = []

    init(_ columns: [Column], indent: Int = 0, gap: Int = 2) {
        self.columns = columns
        self.indent = indent
        self.gap = gap
    }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has one cell for each column")
        rows.append(.cells(cells))
    }

    mutating func add(title: String, _ tone: Tone = .normal) { rows.append(.title(title.printable, tone)) }

    var isEmpty: Bool { rows.isEmpty }

    func lines(width: Int, _ style: TextStyle) -> [String] {
        let widths = self.widths(width)
        var lines: [String] = []
        if columns.contains(where: { !$0.title.isEmpty }) {
            lines += line(columns.map { Cell($0.title, .faint) }, widths, style)
        }
        for row in rows {
            switch row {
            case .cells(let cells): lines += line(cells, widths, style)
            case .title(let text, let tone): lines.append(style.paint(text, tone))
            }
        }
        return lines
    }

    /// Each as wide as its widest cell; the last no wider than the room that is left.
    private func widths(_ width: Int) -> [Int] {
        var widths = columns.map(\.title.displayWidth)
        for case .cells(let cells) in rows {
            for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.text.displayWidth) }
        }
        let before = widths.dropLast().reduce(0, +) + gap * (columns.count - 1) + indent
        if let last = widths.last { widths[widths.count - 1] = min(last, max(width - before, 12)) }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TextStyle) -> [String] {
        guard let last = cells.last, let room = widths.last else { return [] }
        let head = zip(zip(cells, widths), columns).dropLast().map { pair, column in
            style.paint(pair.0.text.padded(to: pair.1, column.alignment), pair.0.tone) + String(repeating: " ", count: gap)
        }
        let blank = String(repeating: " ", count: widths.dropLast().reduce(0, +) + gap * (columns.count - 1))
        let side = columns[columns.count - 1].alignment
        return Paragraph.lines(last.text, width: room).enumerated().map { index, text in
            let tail = style.paint(side == .right ? text.padded(to: room, side) : text, last.tone)
            let line = String(repeating: " ", count: indent) + (index == 0 ? head.joined() : blank) + tail
            return line.trimmingTrailingSpaces
        }
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        guard last == " " else { return self }
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

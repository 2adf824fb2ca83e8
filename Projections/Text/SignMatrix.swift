/// Streams down, rules across, a sign where they meet. Rules of one letter stand together.
///
/// Where the width allows, each column is headed by its rule (`M1`); else the letters stand in a line of their own above the digits.
struct SignMatrix {
    private enum Row {
        case stream([TextTable.Cell], [TextTable.Cell?])
        /// Across all columns.
        case title(String)
    }

    let heads: [TextTable.Column]
    let rules: [String]
    private var rows: [Row] = []
    private static let indent = 2
    private static let gap = 2

    /// - Parameters:
    ///   - heads: what the streams are told apart by.
    ///   - rules: in the order of the rule set.
    init(_ heads: [TextTable.Column], rules: [String]) {
        self.heads = heads
        self.rules = rules
    }

    mutating func add(_ cells: [TextTable.Cell], _ signs: [TextTable.Cell?]) {
        precondition(cells.count == heads.count && signs.count == rules.count, "a row has a cell for each column")
        rows.append(.stream(cells, signs))
    }

    mutating func add(title: String) { rows.append(.title(title.printable)) }

    func lines(width: Int, _ style: TextStyle) -> [String] {
        let before = headWidths.reduce(0) { $0 + $1 + Self.gap } + Self.indent
        let isWide = before + offsets(cell: 2).width <= width
        let columns = offsets(cell: isWide ? 2 : 1)
        let space = String(repeating: " ", count: Self.indent)
        let titles = head(heads.map { .init($0.title, .faint) }, style)
        var lines: [String] = []
        if isWide {
            lines.append(space + titles + place(rules.map { .init($0, .faint) }, columns.starts, 2, style))
        } else {
            let firsts = rules.indices.map { $0 == 0 || rules[$0].first != rules[$0 - 1].first }
            let letters = zip(rules, firsts).map { rule, isFirst in TextTable.Cell(isFirst ? String(rule.prefix(1)) : "", .faint) }
            let blank = String(repeating: " ", count: before)
            lines.append(blank + place(letters, columns.starts, 1, style))
            lines.append(space + titles + place(rules.map { .init(String($0.dropFirst()), .faint) }, columns.starts, 1, style))
        }
        for row in rows {
            switch row {
            case .title(let text):
                lines += Paragraph.lines(text, width: width).map { style.paint($0, .strong) }
            case .stream(let cells, let signs):
                lines.append(space + head(cells, style) + place(signs.map { $0 ?? .init("") }, columns.starts, isWide ? 2 : 1, style))
            }
        }
        return lines.map(\.trimmingTrailingSpaces)
    }

    /// Names can be long; the signs are what matters.
    private static let widestHead = 28

    private var headWidths: [Int] {
        var widths = heads.map(\.title.displayWidth)
        for case .stream(let cells, _) in rows {
            for (index, cell) in cells.enumerated() { widths[index] = min(max(widths[index], cell.text.displayWidth), Self.widestHead) }
        }
        return widths
    }

    private func head(_ cells: [TextTable.Cell], _ style: TextStyle) -> String {
        zip(zip(cells, headWidths), heads).map { pair, column in
            let text = pair.0.text.displayWidth > pair.1 ? (Paragraph.lines(pair.0.text, width: pair.1 - 1).first ?? "") + "…" : pair.0.text
            return style.paint(text.padded(to: pair.1, column.alignment), pair.0.tone) + String(repeating: " ", count: Self.gap)
        }.joined()
    }

    /// Where each column of signs starts: one space between rules, two between letters.
    private func offsets(cell: Int) -> (starts: [Int], width: Int) {
        var starts: [Int] = []
        var end = 0
        for (index, rule) in rules.enumerated() {
            if index > 0 { end += rule.first == rules[index - 1].first ? 1 : 2 }
            starts.append(end)
            end += max(cell, rule.displayWidth - (2 - cell))
        }
        return (starts, end)
    }

    private func place(_ cells: [TextTable.Cell], _ starts: [Int], _ width: Int, _ style: TextStyle) -> String {
        var (line, used) = ("", 0)
        for (cell, start) in zip(cells, starts) where !cell.text.isEmpty {
            let padded = cell.text.padded(to: width, .right)
            line += String(repeating: " ", count: start - used) + style.paint(padded, cell.tone)
            used = start + padded.displayWidth
        }
        return line
    }
}

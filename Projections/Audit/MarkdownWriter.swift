import Clinic

/// Writes Markdown (CommonMark, with tables as GitHub has them) that reads well as plain text too.
struct MarkdownWriter<Out: TextOutputStream> {
    var out: Out

    mutating func heading(_ level: Int, _ text: String) {
        out.write(String(repeating: "#", count: level) + " " + text.inMarkdown + "\n\n")
    }

    /// - Parameter text: Markdown; what comes from the record must have been made safe by `inMarkdown`.
    mutating func paragraph(_ text: String) { out.write(text + "\n\n") }

    mutating func list(_ items: [String]) {
        for item in items { out.write("- " + item + "\n") }
        out.write("\n")
    }

    /// - Parameters:
    ///   - columns: a colon after a name sets the column to the right.
    ///   - rows: Markdown, as in `paragraph`; one cell a column. Columns that are empty in every row are left out.
    mutating func table(_ columns: [String], _ rows: [[String]]) {
        let kept = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
        let cells =
            [kept.map { columns[$0].hasSuffix(":") ? String(columns[$0].dropLast()) : columns[$0] }]
            + rows.map { row in kept.map { row[$0] } }
        // Cells up to this width are set in columns; longer ones would push the rest out of sight.
        let widths = kept.indices.map { column in max(3, cells.map { min($0[column].displayWidth, 40) }.max() ?? 3) }
        func line(_ cells: [String]) -> String {
            "| "
                + zip(cells, kept.indices).map { $0.padded(to: widths[$1], columns[kept[$1]].hasSuffix(":") ? .right : .left) }.joined(
                    separator: " | ")
                + " |\n"
        }
        out.write(line(cells[0]))
        let rules = kept.indices.map { column in
            String(repeating: "-", count: widths[column] - 1) + (columns[kept[column]].hasSuffix(":") ? ":" : "-")
        }
        out.write("| " + rules.joined(separator: " | ") + " |\n")
        for row in cells.dropFirst() { out.write(line(row)) }
        out.write("\n")
    }
}

extension String {
    /// As text within Markdown: on one line, and with nothing that Markdown, HTML or a terminal would take for its own.
    var inMarkdown: String {
        var safe = ""
        for character in printable {
            switch character {
            case "\\", "`", "*", "<", "[", "]", "|", "~": safe += "\\" + String(character)
            case "&": safe += "&amp;"
            case "\n", "\r\n", "\r": safe += " "
            default: safe.append(character)
            }
        }
        return safe
    }

    /// As code within Markdown: an id, a hash, a command. None holds a backquote.
    var asCode: String { "`" + replacing("`", with: "'").printable + "`" }
}

/// A line of CSV after RFC 4180: fields between commas, quoted where they hold a comma, a quote or a line break, quotes doubled.
///
/// Spreadsheets take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula, quoted or not, and a formula can send the
/// sheet's content away (CWE-1236). Somebody may have typed one into a name or a reason, so such text gets an apostrophe in front, which a
/// spreadsheet takes for "this is text" (the advice of OWASP). Numbers below zero are no text and stay as they are. Whoever needs the exact text of
/// such a cell takes JSON.
public enum CSV {
    /// - Parameter fields: each with whether it is text that somebody typed. Nil is an empty field; an empty text is `""`.
    /// - Returns: the line without its end, which is CR LF.
    public static func line(_ fields: some Sequence<(value: String?, isText: Bool)>) -> String {
        fields.map { field in field.value.map { quoted(field.isText ? defused($0) : $0) } ?? "" }.joined(separator: ",")
    }

    /// In half and in full width: some programs take both.
    private static let triggers: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

    private static func defused(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, triggers.contains(first) else { return text }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

/// A row that can't be read as asked. Names columns and types, never values.
public enum RowError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The column's type can't be read as the Swift type.
    case type(column: String, sql: SQLType, swift: String)
    /// NULL where the Swift type is not an optional.
    case null(column: String, swift: String)
    /// The type is right, yet the value does not fit the Swift type (out of range, several dimensions, broken bytes).
    case malformed(column: String, sql: SQLType, swift: String)
    case noColumn(String, available: Int)
    case columnCount(expected: Int, found: Int)
    /// Another number of rows than asked for.
    case count(expected: Int, found: Int)
    /// A COPY stream that is not in the binary form, or a row with other fields than asked for.
    case copy(String)

    public var description: String {
        switch self {
        case .type(let column, let sql, let swift):
            "column \"\(column)\" is \(sql), which can't be read as \(swift)"
        case .null(let column, let swift):
            "column \"\(column)\" is NULL, which \(swift) does not allow"
        case .malformed(let column, let sql, let swift):
            "column \"\(column)\" holds a \(sql) that does not fit \(swift)"
        case .noColumn(let name, let available):
            "there is no column \(name) among the \(available) of this row"
        case .columnCount(let expected, let found):
            "\(expected) columns were asked for, but the row has \(found)"
        case .count(let expected, let found):
            "expected \(expected) row(s), found \(found)"
        case .copy(let reason):
            "the COPY stream can't be read: \(reason)"
        }
    }
}

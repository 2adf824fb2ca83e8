/// Rows in the form in which a binary COPY carries them, made before there is a COPY to write them to.
public struct CopyRows: Sendable {
    let columns: Int
    private(set) var writer = SQLWriter()
    public private(set) var count = 0

    public init(columns: Int) { self.columns = columns }

    public var isEmpty: Bool { count == 0 }

    /// Adds one row. The Swift types must be the columns' own: COPY converts nothing.
    /// - Parameter leading: the first fields, which many rows share.
    public mutating func add(_ leading: CopyFields, _ values: [(any SQLValue)?]) {
        precondition(leading.count + values.count == columns, "a row of another number of fields than there are columns")
        writer.append(Int16(columns))
        writer.append(contentsOf: leading.writer.bytes)
        for value in values {
            if let value { writer.field(value) } else { writer.append(Int32(-1)) }
        }
        count += 1
    }
}

/// Some fields of a row in that form.
public struct CopyFields: Sendable {
    fileprivate var writer = SQLWriter()
    fileprivate private(set) var count = 0

    public init() {}

    public mutating func add(_ value: some SQLValue) {
        writer.field(value)
        count += 1
    }
}

extension CopyWriter {
    /// Writes whole rows.
    public mutating func rows(_ rows: CopyRows) throws {
        try write(rows.writer.bytes, rows: rows.count, columns: rows.columns)
    }
}

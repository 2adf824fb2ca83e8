/// The rows of a binary `COPY … FROM STDIN`, sent in chunks of at most 64 kB (a longer row goes as several).
public struct CopyWriter: ~Copyable {
    private let link: ServerLink
    private let columns: Int
    private var writer = SQLWriter()
    private var fieldsInRow = 0
    /// Whole rows written so far.
    public private(set) var rowCount = 0

    private static let chunkBytes = 65_536

    init(_ link: ServerLink, columns: Int) {
        self.link = link
        self.columns = columns
        writer.bytes.reserveCapacity(Self.chunkBytes * 2)
        writer.append(contentsOf: CopySignature.bytes)
        writer.append(Int32(0))
        writer.append(Int32(0))
    }

    /// Writes one field; a row ends by itself with its last column. The Swift type must be the column's own type: COPY converts nothing.
    public mutating func field<Value: SQLValue>(_ value: Value) throws {
        if fieldsInRow == 0 { writer.append(Int16(columns)) }
        writer.field(value)
        fieldsInRow += 1
        guard fieldsInRow == columns else { return }
        fieldsInRow = 0
        rowCount += 1
        if writer.bytes.count >= Self.chunkBytes { try flush() }
    }

    /// Writes one row; throws `RowError` when it has another number of fields than the COPY has columns.
    public mutating func row<each Value: SQLValue>(_ values: repeat each Value) throws {
        var count = 0
        for _ in repeat (each Value).self { count += 1 }
        guard fieldsInRow == 0, count == columns else {
            throw RowError.copy("a row of \(fieldsInRow + count) fields where there are \(columns) columns")
        }
        for value in repeat each values { try field(value) }
    }

    /// Sends rows that are encoded already, behind those written before.
    mutating func write(_ bytes: [UInt8], rows: Int, columns: Int) throws {
        guard fieldsInRow == 0, columns == self.columns else {
            throw RowError.copy("rows of \(columns) fields where there are \(self.columns) columns")
        }
        try flush()
        try send(bytes)
        rowCount += rows
    }

    private mutating func flush() throws {
        try send(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: [UInt8]) throws {
        try Task.checkCancellation()
        var rest = bytes[...]
        while !rest.isEmpty {
            try link.putCopy(rest.prefix(Self.chunkBytes))
            rest = rest.dropFirst(Self.chunkBytes)
        }
    }

    mutating func end() throws {
        guard fieldsInRow == 0 else {
            throw RowError.copy("the last row has \(fieldsInRow) of \(columns) fields")
        }
        writer.append(Int16(-1))
        try flush()
    }
}

/// What a binary COPY stream begins with; flags and the length of a header extension follow, four bytes each.
enum CopySignature {
    static let bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    static let headerBytes = 19
}

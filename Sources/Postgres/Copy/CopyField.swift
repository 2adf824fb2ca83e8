/// Where a field lies in the bytes of its row.
public struct CopyField: Sendable, Hashable {
    public let start: Int
    /// Negative for NULL.
    public let count: Int

    public var isNull: Bool { count < 0 }
}

extension CopyRow {
    /// Gives the row's bytes and where its fields lie in them, in the order of the columns: for reading many rows without making a value of each field.
    /// Numbers and times are big-endian (see the types' send functions). The bytes are there for the length of `body` only.
    /// Throws `RowError` where the row has another number of fields, or none of them may be read any more.
    public mutating func withFields<T>(
        _ expected: Int, _ body: (UnsafeRawBufferPointer, UnsafeBufferPointer<CopyField>) throws -> T
    ) throws -> T {
        guard left == expected else { throw RowError.copy("a row of \(left) fields where \(expected) are read") }
        return try withUnsafeTemporaryAllocation(of: CopyField.self, capacity: expected) { places in
            let bytes = buffer.bytes
            for index in 0..<expected {
                guard offset + 4 <= bytes.byteCount else { throw RowError.copy("a row has fewer fields than are read") }
                let count = Int(bytes.load(Int32.self, at: offset))
                offset += 4
                guard offset + count <= bytes.byteCount else { throw RowError.copy("a field is cut off") }
                places.initializeElement(at: index, to: CopyField(start: offset, count: count))
                offset += max(count, 0)
            }
            left = 0
            return try body(buffer, UnsafeBufferPointer(places))
        }
    }
}

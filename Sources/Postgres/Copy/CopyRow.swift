/// One row of a binary `COPY … TO STDOUT`, read field by field in the order of the columns.
///
/// It reads from libpq's buffer in place. Nobody outside can keep it: it can't be copied, made, or taken out of the `inout` it comes in.
public struct CopyRow: ~Copyable {
    let buffer: UnsafeRawBufferPointer
    var offset: Int
    /// Fields that have not been read yet.
    var left: Int

    init(_ buffer: UnsafeRawBufferPointer, at start: Int, fields: Int) {
        self.buffer = buffer
        offset = start
        left = fields
    }

    /// Reads the next field. The stream carries no types, so a wrong Swift type of the same length is not noticed: let the query cast.
    /// Throws `RowError` on NULL where `Value` isn't an optional, and when no field is left.
    public mutating func field<Value: SQLValue>(_ type: Value.Type = Value.self) throws -> Value {
        let bytes = buffer.bytes
        guard left > 0, offset + 4 <= bytes.byteCount else { throw RowError.copy("a row has fewer fields than are read") }
        let length = Int(bytes.load(Int32.self, at: offset))
        offset += 4
        left -= 1
        if length < 0 {
            guard let null = Value.null else { throw RowError.copy("NULL where \(Value.self) does not allow it") }
            return null
        }
        guard offset + length <= bytes.byteCount else { throw RowError.copy("a field is cut off") }
        defer { offset += length }
        guard let value = Value.decode(bytes.extracting(offset..<offset + length)) else {
            throw RowError.copy("a field of \(length) bytes is no \(Value.self)")
        }
        return value
    }

    /// All fields in order.
    public mutating func decode<each Value: SQLValue>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        (repeat try field(each types))
    }
}

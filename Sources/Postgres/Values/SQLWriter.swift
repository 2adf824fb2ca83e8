/// Bytes on their way to the server, in PostgreSQL's binary form (big-endian).
public struct SQLWriter: Sendable {
    var bytes: [UInt8] = []

    init() {}

    public mutating func append<I: FixedWidthInteger>(_ value: I) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func append(contentsOf more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// A field as COPY and arrays carry it: its length in four bytes, then the bytes; length −1 for NULL.
    mutating func field<Value: SQLValue>(_ value: Value) {
        guard !value.isNull else {
            append(Int32(-1))
            return
        }
        let at = bytes.count
        append(Int32(0))
        value.encode(into: &self)
        let length = Int32(bytes.count - at - 4)
        withUnsafeBytes(of: length.bigEndian) { raw in
            for index in 0..<4 { bytes[at + index] = raw[index] }
        }
    }
}

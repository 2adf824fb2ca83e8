/// A value that can stand in a one-dimensional PostgreSQL array.
public protocol SQLElement: SQLValue {
    /// The type of an array of it.
    static var sqlArrayType: SQLType { get }

    /// Whether a column of this type can be read as an array of it.
    static func acceptsArray(_ type: SQLType) -> Bool

    static func encodeArray(_ elements: [Self], into writer: inout SQLWriter)
    static func decodeArray(_ bytes: RawSpan) -> [Self]?
}

extension SQLElement {
    public static func acceptsArray(_ type: SQLType) -> Bool { type == sqlArrayType }

    public static func encodeArray(_ elements: [Self], into writer: inout SQLWriter) {
        let hasNull = elements.contains { $0.isNull }
        writer.append(Int32(elements.isEmpty ? 0 : 1))
        writer.append(Int32(hasNull ? 1 : 0))
        writer.append(sqlType.oid)
        if elements.isEmpty { return }
        writer.append(Int32(elements.count))
        writer.append(Int32(1))
        for element in elements { writer.field(element) }
    }

    public static func decodeArray(_ bytes: RawSpan) -> [Self]? {
        guard bytes.byteCount >= 12 else { return nil }
        let dimensions = bytes.load(Int32.self)
        guard accepts(SQLType(oid: bytes.load(at: 8))) else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, bytes.byteCount >= 20 else { return nil }
        let count = Int(bytes.load(Int32.self, at: 12))
        // Each element takes at least its four bytes of length, so a false count can't make us reserve too much.
        guard count >= 0, count <= (bytes.byteCount - 20) / 4 else { return nil }
        var elements: [Self] = []
        elements.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard offset + 4 <= bytes.byteCount else { return nil }
            let length = Int(bytes.load(Int32.self, at: offset))
            offset += 4
            if length < 0 {
                guard let null else { return nil }
                elements.append(null)
                continue
            }
            guard offset + length <= bytes.byteCount else { return nil }
            guard let element = decode(bytes.extracting(offset..<offset + length)) else { return nil }
            elements.append(element)
            offset += length
        }
        return offset == bytes.byteCount ? elements : nil
    }
}

extension Array: SQLValue where Element: SQLElement {
    public static var sqlType: SQLType { Element.sqlArrayType }
    public static func accepts(_ type: SQLType) -> Bool { Element.acceptsArray(type) }
    public func encode(into writer: inout SQLWriter) { Element.encodeArray(self, into: &writer) }
    public static func decode(_ bytes: RawSpan) -> Self? { Element.decodeArray(bytes) }
}

extension Optional: SQLElement where Wrapped: SQLElement {
    public static var sqlArrayType: SQLType { Wrapped.sqlArrayType }
    public static func acceptsArray(_ type: SQLType) -> Bool { Wrapped.acceptsArray(type) }
}

/// A lone byte is a `"char"`; an array of bytes is a `bytea`, which is what bytes are for.
extension UInt8: SQLElement {
    public static var sqlType: SQLType { .char }
    public static var sqlArrayType: SQLType { .bytea }

    public func encode(into writer: inout SQLWriter) { writer.append(self) }

    public static func decode(_ bytes: RawSpan) -> UInt8? {
        bytes.byteCount == 1 ? bytes.load() : nil
    }

    public static func encodeArray(_ elements: [UInt8], into writer: inout SQLWriter) {
        writer.append(contentsOf: elements)
    }

    public static func decodeArray(_ bytes: RawSpan) -> [UInt8]? {
        bytes.array(0..<bytes.byteCount)
    }
}

extension Array: SQLElement where Element == UInt8 {
    public static var sqlArrayType: SQLType { .byteaArray }
}

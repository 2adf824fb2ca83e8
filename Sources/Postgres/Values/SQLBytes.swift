/// A value's binary form as it travels, of whatever type: to hold what is stored against what should be, byte by byte.
public struct SQLBytes: Sendable, Hashable {
    public let bytes: [UInt8]

    /// Nil for NULL.
    public init?(_ value: (any SQLValue)?) {
        guard let value, !value.isNull else { return nil }
        var writer = SQLWriter()
        value.encode(into: &writer)
        bytes = writer.bytes
    }
}

extension SQLBytes: SQLValue {
    public static var sqlType: SQLType { .unknown }
    public static func accepts(_ type: SQLType) -> Bool { true }

    public func encode(into writer: inout SQLWriter) { writer.append(contentsOf: bytes) }

    public static func decode(_ bytes: RawSpan) -> SQLBytes? { SQLBytes(stored: bytes.array(0..<bytes.byteCount)) }

    private init(stored bytes: [UInt8]) { self.bytes = bytes }
}

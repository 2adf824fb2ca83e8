/// A Swift value that travels to and from PostgreSQL in its binary form.
///
/// An implementation must encode exactly what the type named by `sqlType` expects, and `decode` must refuse (nil) every
/// length that it can't have, since a COPY stream carries no type names to check against.
public protocol SQLValue: Sendable {
    /// The type it is sent as.
    static var sqlType: SQLType { get }

    /// Whether a column of this type can be read as this Swift type.
    static func accepts(_ type: SQLType) -> Bool

    /// The value that stands for NULL; nil where the Swift type has none.
    static var null: Self? { get }

    /// True where it is sent as NULL.
    var isNull: Bool { get }

    /// Appends the binary form; never called for NULL.
    func encode(into writer: inout SQLWriter)

    /// Reads the binary form; nil when the bytes aren't one, or the value does not fit.
    static func decode(_ bytes: RawSpan) -> Self?
}

extension SQLValue {
    public static func accepts(_ type: SQLType) -> Bool { type == sqlType }
    public static var null: Self? { nil }
    public var isNull: Bool { false }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    public static var sqlType: SQLType { Wrapped.sqlType }
    public static func accepts(_ type: SQLType) -> Bool { Wrapped.accepts(type) }
    public static var null: Self? { .some(.none) }

    public var isNull: Bool {
        self?.isNull ?? true
    }

    public func encode(into writer: inout SQLWriter) {
        self?.encode(into: &writer)
    }

    public static func decode(_ bytes: RawSpan) -> Self? {
        guard let value = Wrapped.decode(bytes) else { return nil }
        return .some(.some(value))
    }
}

extension RawSpan {
    /// A big-endian integer; the caller has checked the bounds.
    func load<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type = I.self, at offset: Int = 0) -> I {
        I(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: I.self))
    }

    func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBytes { [UInt8]($0) }
    }
}

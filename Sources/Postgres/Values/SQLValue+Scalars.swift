public import Foundation

extension Bool: SQLElement {
    public static var sqlType: SQLType { .bool }
    public static var sqlArrayType: SQLType { .boolArray }

    public func encode(into writer: inout SQLWriter) { writer.append(self ? 1 as UInt8 : 0) }

    public static func decode(_ bytes: RawSpan) -> Bool? {
        bytes.byteCount == 1 ? bytes.load(UInt8.self) != 0 : nil
    }
}

extension Int16: SQLElement {
    public static var sqlType: SQLType { .int2 }
    public static var sqlArrayType: SQLType { .int2Array }

    public func encode(into writer: inout SQLWriter) { writer.append(self) }

    public static func decode(_ bytes: RawSpan) -> Int16? {
        bytes.byteCount == 2 ? bytes.load() : nil
    }
}

extension Int32: SQLElement {
    public static var sqlType: SQLType { .int4 }
    public static var sqlArrayType: SQLType { .int4Array }
    public static func accepts(_ type: SQLType) -> Bool { type == .int4 || type == .int2 }
    public static func acceptsArray(_ type: SQLType) -> Bool { type == .int4Array || type == .int2Array }

    public func encode(into writer: inout SQLWriter) { writer.append(self) }

    public static func decode(_ bytes: RawSpan) -> Int32? {
        switch bytes.byteCount {
        case 4: bytes.load()
        case 2: Int32(bytes.load(Int16.self))
        default: nil
        }
    }
}

extension Int64: SQLElement {
    public static var sqlType: SQLType { .int8 }
    public static var sqlArrayType: SQLType { .int8Array }
    public static func accepts(_ type: SQLType) -> Bool { type == .int8 || Int32.accepts(type) }
    public static func acceptsArray(_ type: SQLType) -> Bool { type == .int8Array || Int32.acceptsArray(type) }

    public func encode(into writer: inout SQLWriter) { writer.append(self) }

    public static func decode(_ bytes: RawSpan) -> Int64? {
        bytes.byteCount == 8 ? bytes.load() : Int32.decode(bytes).map(Int64.init)
    }
}

/// Sent as `bigint`; a COPY into an `integer` column needs `Int32`.
extension Int: SQLElement {
    public static var sqlType: SQLType { .int8 }
    public static var sqlArrayType: SQLType { .int8Array }
    public static func accepts(_ type: SQLType) -> Bool { Int64.accepts(type) }
    public static func acceptsArray(_ type: SQLType) -> Bool { Int64.acceptsArray(type) }

    public func encode(into writer: inout SQLWriter) { writer.append(Int64(self)) }

    public static func decode(_ bytes: RawSpan) -> Int? {
        Int64.decode(bytes).map(Int.init)
    }
}

extension Double: SQLElement {
    public static var sqlType: SQLType { .float8 }
    public static var sqlArrayType: SQLType { .float8Array }
    public static func accepts(_ type: SQLType) -> Bool { type == .float8 || type == .float4 }
    public static func acceptsArray(_ type: SQLType) -> Bool { type == .float8Array || type == .float4Array }

    public func encode(into writer: inout SQLWriter) { writer.append(bitPattern) }

    public static func decode(_ bytes: RawSpan) -> Double? {
        switch bytes.byteCount {
        case 8: Double(bitPattern: bytes.load())
        case 4: Double(Float(bitPattern: bytes.load()))
        default: nil
        }
    }
}

extension UUID: SQLElement {
    public static var sqlType: SQLType { .uuid }
    public static var sqlArrayType: SQLType { .uuidArray }

    public func encode(into writer: inout SQLWriter) {
        withUnsafeBytes(of: uuid) { writer.append(contentsOf: $0) }
    }

    public static func decode(_ bytes: RawSpan) -> UUID? {
        bytes.byteCount == 16 ? UUID(uuid: bytes.unsafeLoadUnaligned(as: uuid_t.self)) : nil
    }
}

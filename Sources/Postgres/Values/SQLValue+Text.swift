extension String: SQLElement {
    public static var sqlType: SQLType { .text }
    public static var sqlArrayType: SQLType { .textArray }

    public static func accepts(_ type: SQLType) -> Bool {
        switch type {
        case .text, .varchar, .name, .bpchar, .json, SQLType(oid: 705): true
        default: false
        }
    }

    public static func acceptsArray(_ type: SQLType) -> Bool {
        switch type {
        case .textArray, .varcharArray, .nameArray, .bpcharArray, .jsonArray: true
        default: false
        }
    }

    public func encode(into writer: inout SQLWriter) { writer.append(contentsOf: utf8) }

    public static func decode(_ bytes: RawSpan) -> String? {
        bytes.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    }
}

/// The text of a `json` value, byte for byte as the server keeps it.
public struct JSONText: Sendable, Hashable {
    public var text: String

    public init(_ text: String) {
        self.text = text
    }
}

extension JSONText: SQLElement {
    public static var sqlType: SQLType { .json }
    public static var sqlArrayType: SQLType { .jsonArray }
    public static func accepts(_ type: SQLType) -> Bool { type == .json || type == .jsonb }
    public static func acceptsArray(_ type: SQLType) -> Bool { type == .jsonArray || type == .jsonbArray }

    public func encode(into writer: inout SQLWriter) { writer.append(contentsOf: text.utf8) }

    public static func decode(_ bytes: RawSpan) -> JSONText? {
        // jsonb puts a version byte of 1 before its text; no JSON text starts with that byte.
        let versioned = bytes.byteCount > 0 && bytes.load(UInt8.self) == 1
        return String.decode(versioned ? bytes.extracting(droppingFirst: 1) : bytes).map(JSONText.init)
    }
}

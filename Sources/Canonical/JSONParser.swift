extension JSON {
    /// Reads one JSON text (RFC 8259) strictly. Errors name the byte and the reason, never the content.
    public static func parse(_ text: String) throws(JSONError) -> JSON {
        try parse(Array(text.utf8))
    }

    /// - Parameters:
    ///   - maximumElements: in one array, or members in one object.
    ///   - maximumValues: in the whole text; a value takes many times the memory of its shortest text.
    public static func parse(
        _ bytes: some Sequence<UInt8>, maximumElements: Int = .max, maximumValues: Int = .max
    ) throws(JSONError) -> JSON {
        var parser = JSONParser(
            bytes: (bytes as? [UInt8]) ?? Array(bytes), maximumElements: maximumElements, maximumValues: maximumValues)
        return try parser.document()
    }
}

struct JSONParser {
    let bytes: [UInt8]
    let maximumElements: Int
    let maximumValues: Int
    var at = 0
    /// Values that have been read.
    var values = 0
    var depth = 0

    init(bytes: [UInt8], maximumElements: Int = .max, maximumValues: Int = .max) {
        self.bytes = bytes
        self.maximumElements = maximumElements
        self.maximumValues = maximumValues
    }

    mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw wrong("more text after the value") }
        return value
    }

    func wrong(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at += 1 }
    }

    mutating func value() throws(JSONError) -> JSON {
        values += 1
        guard values <= maximumValues else { throw wrong("a text of more than \(maximumValues) values") }
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
        case nil: throw wrong("the text ends where a value should stand")
        default: throw wrong("a value cannot start with this character")
        }
    }

    mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for offset in 0..<text.utf8CodeUnitCount {
            guard at + offset < bytes.count, bytes[at + offset] == text.utf8Start[offset] else { throw wrong("expected \(text)") }
        }
        at += text.utf8CodeUnitCount
        return value
    }

    mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= JSON.maximumDepth else { throw wrong("nested deeper than \(JSON.maximumDepth)") }
        at += 1
        skipSpace()
    }

    mutating func object() throws(JSONError) -> JSON {
        try descend()
        if next == UInt8(ascii: "}") {
            at += 1
            depth -= 1
            return .object([:])
        }
        // Growing from nothing would hash the first keys again and again.
        var members = [String: JSON](minimumCapacity: 8)
        while true {
            guard next == UInt8(ascii: "\"") else { throw wrong("expected a key in quotes") }
            let start = at
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw wrong("expected ':' after a key") }
            at += 1
            skipSpace()
            let value = try value()
            guard members.updateValue(value, forKey: key) == nil else {
                throw JSONError(offset: start, reason: "the same key stands twice in one object")
            }
            skipSpace()
            if next == UInt8(ascii: ",") {
                guard members.count < maximumElements else { throw wrong("an object of more than \(maximumElements) members") }
                at += 1
                skipSpace()
            } else if next == UInt8(ascii: "}") {
                at += 1
                depth -= 1
                return .object(members)
            } else {
                throw wrong("expected ',' or '}'")
            }
        }
    }

    mutating func array() throws(JSONError) -> JSON {
        try descend()
        var elements: [JSON] = []
        if next == UInt8(ascii: "]") {
            at += 1
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            if next == UInt8(ascii: ",") {
                guard elements.count < maximumElements else { throw wrong("an array of more than \(maximumElements) elements") }
                at += 1
                skipSpace()
            } else if next == UInt8(ascii: "]") {
                at += 1
                depth -= 1
                return .array(elements)
            } else {
                throw wrong("expected ',' or ']'")
            }
        }
    }

    mutating func number() throws(JSONError) -> JSONNumber {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "0") {
            at += 1
        } else {
            guard digits() else { throw wrong("expected a digit") }
        }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() else { throw wrong("expected a digit after the point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            guard digits() else { throw wrong("expected a digit in the exponent") }
        }
        let literal = String(decoding: bytes[start..<at], as: UTF8.self)
        // Short literals without an exponent are always finite.
        if at - start > 15 {
            guard let double = Double(literal), double.isFinite else {
                throw JSONError(offset: start, reason: "the number is too large")
            }
        } else if literal.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard let double = Double(literal), double.isFinite else {
                throw JSONError(offset: start, reason: "the number is too large")
            }
        }
        return JSONNumber(literal: literal)
    }

    mutating func digits() -> Bool {
        let start = at
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
        return at > start
    }
}

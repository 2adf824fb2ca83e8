extension JSONParser {
    /// Reads a string, the opening quote being next. Ill-formed UTF-8 and lone surrogates are refused.
    mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        // Most strings hold no escape: one pass, one copy. ASCII alone is always well-formed.
        var union: UInt8 = 0
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            union |= byte
            at += 1
        }
        if next == UInt8(ascii: "\"") {
            let slice = bytes[start..<at]
            let text = union < 0x80 ? String(decoding: slice, as: UTF8.self) : try text(slice, from: start)
            at += 1
            return text
        }
        var buffer = Array(bytes[start..<at])
        while true {
            guard let byte = next else { throw wrong("the text ends inside a string") }
            switch byte {
            case UInt8(ascii: "\""):
                let text = try text(buffer[...], from: start)
                at += 1
                return text
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &buffer)
            case 0..<0x20: throw wrong("a control character must be escaped in a string")
            default:
                buffer.append(byte)
                at += 1
            }
        }
    }

    private func text(_ slice: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw JSONError(offset: start, reason: "the string is not well-formed UTF-8")
        }
        return text
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw wrong("the text ends inside an escape") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw JSONError(offset: at - 1, reason: "no such escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        guard first < 0xDC00, next == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
            throw wrong("a lone surrogate")
        }
        at += 2
        let second = try hexUnit()
        let high = UInt32(first) - 0xD800
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + (high << 10) + UInt32(second) - 0xDC00) else {
            throw wrong("a lone surrogate")
        }
        return scalar
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Hex.digit(byte) else { throw wrong("expected four hexadecimal digits") }
            value = value << 4 | UInt16(digit)
            at += 1
        }
        return value
    }
}

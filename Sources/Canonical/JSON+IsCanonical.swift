extension JSON {
    /// Whether a text is JSON that ``parse(_:)`` takes, and in the canonical form of RFC 8785: what comparing `canonicalBytes` of the parsed value with the
    /// text would say, found in one pass and, but for rare texts, without making the value.
    public static func isCanonical(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isCanonical(UnsafeRawBufferPointer($0)) }
    }

    public static func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var scanner = CanonicalScanner(bytes: bytes)
        switch scanner.document() {
        case .yes: return true
        case .no: return false
        case .unsure: return (try? parse(Array(bytes)))?.canonicalBytes.elementsEqual(bytes) ?? false
        }
    }
}

/// Walks over a text as long as it is canonical JSON.
private struct CanonicalScanner {
    /// `unsure` where only the parser can tell: keys that need Unicode's comparison.
    enum Answer { case yes, no, unsure }

    let bytes: UnsafeRawBufferPointer
    private var at = 0
    private var depth = 0
    private var isUnsure = false

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func document() -> Answer {
        let isWhole = value() && at == bytes.count
        return isUnsure ? .unsure : isWhole ? .yes : .no
    }

    /// The next byte; 0, which stands nowhere in JSON, at the end.
    private var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func value() -> Bool {
        switch next {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    private mutating func word(_ text: StaticString) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount where !take(text.utf8Start[offset]) { return false }
        return true
    }

    private mutating func object() -> Bool {
        at += 1
        depth += 1
        guard depth <= JSON.maximumDepth else { return false }
        defer { depth -= 1 }
        if take(UInt8(ascii: "}")) { return true }
        var previous: Range<Int>?
        while true {
            let start = at + 1
            guard next == UInt8(ascii: "\""), key() else { return false }
            let key = start..<at - 1
            if let previous, !precedes(previous, key) { return false }
            previous = key
            guard take(UInt8(ascii: ":")), value() else { return false }
            if take(UInt8(ascii: "}")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
    }

    private mutating func array() -> Bool {
        at += 1
        depth += 1
        guard depth <= JSON.maximumDepth else { return false }
        defer { depth -= 1 }
        if take(UInt8(ascii: "]")) { return true }
        while true {
            guard value() else { return false }
            if take(UInt8(ascii: "]")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
    }

    /// A key of plain ASCII. Others are ordered by UTF-16 and may be the same to Unicode while their bytes differ: that is left to the parser.
    private mutating func key() -> Bool {
        at += 1
        while true {
            let byte = next
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { return false }
            guard byte < 0x80, byte != UInt8(ascii: "\\") else {
                isUnsure = true
                return false
            }
            at += 1
        }
        at += 1
        return true
    }

    private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        for (one, other) in zip(bytes[left], bytes[right]) where one != other { return one < other }
        return left.count < right.count
    }

    private mutating func string() -> Bool {
        at += 1
        while true {
            let byte = next
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return true
            case UInt8(ascii: "\\"):
                at += 1
                guard escape() else { return false }
            case 0x20..<0x80: at += 1
            case 0x80...: guard character() else { return false }
            default: return false
            }
        }
    }

    /// What must be escaped, in the one way that is canonical.
    private mutating func escape() -> Bool {
        let byte = next
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"),
            UInt8(ascii: "r"):
            return true
        case UInt8(ascii: "u"):
            guard take(UInt8(ascii: "0")), take(UInt8(ascii: "0")), next == UInt8(ascii: "0") || next == UInt8(ascii: "1") else {
                return false
            }
            let high = next - UInt8(ascii: "0")
            at += 1
            let low = next
            at += 1
            switch low {
            // 8, 9, a, c and d of the first row have short forms.
            case UInt8(ascii: "0")...UInt8(ascii: "7"), UInt8(ascii: "b"), UInt8(ascii: "e"), UInt8(ascii: "f"): return true
            case UInt8(ascii: "8")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "d"): return high == 1
            default: return false
            }
        default: return false
        }
    }

    /// One character of two to four bytes, well-formed as the Unicode Standard's table 3-7 says.
    private mutating func character() -> Bool {
        let lead = next
        at += 1
        let second: ClosedRange<UInt8>
        let further: Int
        switch lead {
        case 0xC2...0xDF: (second, further) = (0x80...0xBF, 0)
        case 0xE0: (second, further) = (0xA0...0xBF, 1)
        case 0xE1...0xEC, 0xEE...0xEF: (second, further) = (0x80...0xBF, 1)
        case 0xED: (second, further) = (0x80...0x9F, 1)
        case 0xF0: (second, further) = (0x90...0xBF, 2)
        case 0xF1...0xF3: (second, further) = (0x80...0xBF, 2)
        case 0xF4: (second, further) = (0x80...0x8F, 2)
        default: return false
        }
        guard second.contains(next) else { return false }
        at += 1
        for _ in 0..<further {
            guard (0x80...0xBF).contains(next) else { return false }
            at += 1
        }
        return true
    }

    private mutating func number() -> Bool {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) {
            guard digits() else { return false }
        }
        var isPlain = true
        if take(UInt8(ascii: ".")) {
            let point = at
            guard digits() else { return false }
            isPlain = at - point <= 6 && bytes[at - 1] != UInt8(ascii: "0")
        } else if at - start == 2, bytes[start] == UInt8(ascii: "-"), bytes[start + 1] == UInt8(ascii: "0") {
            return false
        }
        if next | 0x20 == UInt8(ascii: "e") {
            at += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() else { return false }
            isPlain = false
        }
        // As in JSONNumber.isCanonical: such a number is its own shortest form.
        if isPlain, at - start <= 15 { return true }
        let literal = bytes[start..<at]
        guard let double = Double(String(decoding: literal, as: UTF8.self)), double.isFinite else { return false }
        return JSONNumber.ecmaScript(double).utf8.elementsEqual(literal)
    }

    private mutating func digits() -> Bool {
        let start = at
        while next >= UInt8(ascii: "0"), next <= UInt8(ascii: "9") { at += 1 }
        return at > start
    }
}

extension JSON {
    /// The canonical form of RFC 8785 (JCS): no space, keys in UTF-16 order, numbers as ECMAScript prints them.
    public var canonical: String {
        var out: [UInt8] = []
        write(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The canonical form as bytes of UTF-8.
    public var canonicalBytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    func write(to out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .number(let number): out.append(contentsOf: (number.isCanonical ? number.literal : number.canonical).utf8)
        case .string(let text): JSON.write(string: text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            var first = true
            for (key, value) in members.sorted(by: { JSON.precedes($0.key, $1.key) }) {
                if !first { out.append(UInt8(ascii: ",")) }
                first = false
                JSON.write(string: key, to: &out)
                out.append(UInt8(ascii: ":"))
                value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// The order of UTF-16 units, told from UTF-8: it differs only where one side's character needs a surrogate pair (lead byte F0 and up)
    /// and the other's is U+E000 or later (lead byte EE or EF), above the surrogates.
    static func precedes(_ left: String, _ right: String) -> Bool {
        var others = right.utf8.makeIterator()
        for byte in left.utf8 {
            guard let other = others.next() else { return false }
            if byte == other { continue }
            return min(byte, other) >= 0xEE && (byte >= 0xF0) != (other >= 0xF0) ? byte > other : byte < other
        }
        return others.next() != nil
    }

    static func write(string text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain {
            out.append(contentsOf: text.utf8)
        } else {
            write(escaping: text, to: &out)
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func write(escaping text: String, to out: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x08: out.append(contentsOf: #"\b"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0C: out.append(contentsOf: #"\f"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20: out.append(contentsOf: (#"\u00"# + Hex.encode([byte])).utf8)
            default: out.append(byte)
            }
        }
    }
}

extension JSONNumber {
    /// As ECMAScript's Number::toString prints the IEEE 754 double nearest to this number (RFC 8785 §3.2.2.3).
    public var canonical: String {
        isCanonical ? literal : JSONNumber.ecmaScript(Double(literal) ?? 0)
    }

    /// True for most numbers that are canonical as they are written; false says nothing.
    ///
    /// No two decimals of up to 15 digits have the same nearest double, so such a number is its own shortest form, and up to six places
    /// it is laid out as written. What is left to refuse is an exponent, a zero at the end of a fraction, and `-0`.
    var isCanonical: Bool {
        guard literal.utf8.count <= 15 else { return false }
        var places: Int?
        var last: UInt8 = 0
        for byte in literal.utf8 {
            switch byte {
            case UInt8(ascii: "."): places = 0
            case UInt8(ascii: "e"), UInt8(ascii: "E"): return false
            default: places = places.map { $0 + 1 }
            }
            last = byte
        }
        guard let places else { return literal != "-0" }
        return places <= 6 && last != UInt8(ascii: "0")
    }

    static func ecmaScript(_ value: Double) -> String {
        if value == 0 { return "0" }
        // Swift prints the shortest digits that round-trip, as ECMAScript does; only the layout differs.
        var digits: [UInt8] = []
        var exponent = 0
        var pointAt: Int?
        let text = Array(value.magnitude.description.utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: ".") {
                pointAt = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        var point = (pointAt ?? digits.count) + exponent
        while digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let sign = value < 0 ? "-" : ""
        let all = String(decoding: digits, as: UTF8.self)
        if point > 0, point <= 21 {
            if digits.count <= point { return sign + all + String(repeating: "0", count: point - digits.count) }
            return sign + String(decoding: digits[..<point], as: UTF8.self) + "." + String(decoding: digits[point...], as: UTF8.self)
        }
        if point > -6, point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + all }
        let power = point - 1
        let tail = digits.count > 1 ? "." + String(decoding: digits[1...], as: UTF8.self) : ""
        return sign + String(decoding: digits[..<1], as: UTF8.self) + tail + "e" + (power < 0 ? "-" : "+") + String(power.magnitude)
    }
}

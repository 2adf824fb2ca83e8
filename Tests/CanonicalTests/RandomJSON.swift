/// Writes JSON texts that are valid and otherwise as odd as they come: space, escapes, every form of number, every plane of Unicode.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func text() -> String { space() + value(depth: 0) + space() }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 10 : 7), using: &generator) {
        case 0: return generator.pick(["null", "true", "false"])
        case 1...3: return number()
        case 4...6: return string(scalars())
        case 7: return "[" + list { $0.value(depth: depth + 1) } + "]"
        default:
            // Keys are told apart as Swift does, where canonically equivalent strings are equal: such twins are refused, and tested elsewhere.
            var seen: Set<String> = []
            return "{"
                + list { json in
                    var key = json.scalars()
                    while !seen.insert(key).inserted { key = json.scalars() }
                    return json.string(key) + json.space() + ":" + json.space() + json.value(depth: depth + 1)
                } + "}"
        }
    }

    private mutating func list(_ element: (inout RandomJSON) -> String) -> String {
        var out = space()
        for index in 0..<Int.random(in: 0...6, using: &generator) {
            if index > 0 { out += "," + space() }
            out += element(&self) + space()
        }
        return out
    }

    private mutating func space() -> String {
        generator.oneIn(4) ? generator.pick([" ", "\n", "\r\n", "\t", "   "]) : ""
    }

    /// A finite number of any magnitude, in any form that the grammar allows.
    mutating func number() -> String {
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: return String(Int.random(in: -1000...1000, using: &generator))
        case 1: return String(Int64.random(in: Int64.min...Int64.max, using: &generator))
        case 2:
            var double = Double.nan
            while !double.isFinite { double = Double(bitPattern: generator.next()) }
            return double.description
        case 3: return Double.random(in: -1e6...1e6, using: &generator).description
        case 4: return generator.pick(["0", "-0", "0.0", "-0.0e9", "1E200", "5e-324", "2e-324", "1e-999", "1.7976931348623157e308"])
        case 5: return digits(1...4).trimmed + "." + digits(1...25)
        default:
            let sign = generator.pick(["", "-"])
            let fraction = generator.oneIn(2) ? "." + digits(1...20) : ""
            let exponent =
                generator.pick(["e", "E"]) + generator.pick(["", "+", "-"]) + String(Int.random(in: 0...280, using: &generator))
            return sign + digits(1...20).trimmed + fraction + exponent
        }
    }

    private mutating func digits(_ count: ClosedRange<Int>) -> String {
        var out = ""
        for _ in 0..<Int.random(in: count, using: &generator) { out += String(Int.random(in: 0...9, using: &generator)) }
        return out
    }

    /// A short string of scalars from every range that matters: control characters, ASCII, two and three bytes, astral, the end of the BMP.
    mutating func scalars() -> String {
        var out = String.UnicodeScalarView()
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7E, 0x20...0x7E, 0x7F...0xFF, 0x100...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            if let scalar = Unicode.Scalar(UInt32.random(in: generator.pick(ranges), using: &generator)) { out.append(scalar) }
        }
        return String(out)
    }

    /// The string in quotes; each scalar is escaped where it must be, and now and then where it need not be.
    private mutating func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustEscape || generator.oneIn(6) {
                out += escape(scalar)
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private mutating func escape(_ scalar: Unicode.Scalar) -> String {
        let short: [Unicode.Scalar: String] = [
            "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\u{8}": #"\b"#, "\u{C}": #"\f"#, "\n": #"\n"#, "\r": #"\r"#, "\t": #"\t"#,
        ]
        if let escape = short[scalar], generator.oneIn(2) { return escape }
        return String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: generator.oneIn(2))
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

extension String {
    /// Digits without leading zeros, which JSON does not allow.
    fileprivate var trimmed: String {
        let rest = drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }
}

/// A JSON number, kept as it was written: exact until someone asks for a shape.
public struct JSONNumber: Sendable, Hashable {
    /// The number as written, e.g. `24.50`. Two numbers are equal when they are written alike; compare `canonical` for value.
    public let literal: String

    /// `literal` must already be a JSON number of finite magnitude; the parser sees to it.
    init(literal: String) { self.literal = literal }

    public init(_ value: Int) { literal = String(value) }
    public init(_ value: Int64) { literal = String(value) }

    /// The decimal `thousandths / 1000`, written without trailing zeros: 24500 → `24.5`.
    public init(thousandths: Int64) {
        var out: [UInt8] = []
        Decimal.append(thousandths: thousandths, to: &out)
        literal = String(decoding: out, as: UTF8.self)
    }

    /// The value as an integer; nil when it is not one or does not fit. `1.0` and `1e2` are integers.
    public var int64: Int64? { scaled(places: 0) }

    /// The value × 1000, exactly; nil when it has more than three decimal places or does not fit.
    public var thousandths: Int64? { scaled(places: 3) }

    /// The value × 10^places, exactly, or nil.
    private func scaled(places: Int) -> Int64? {
        // Up to its last digit that is not 0 the number is `-value × 10^power`. Summed downwards, so that Int64.min is reached.
        var value: Int64 = 0
        var power = 0
        var zeros = 0
        var negative = false
        var afterPoint = false
        var exponent = literal.utf8[...]
        while let byte = exponent.popFirst() {
            switch byte {
            case UInt8(ascii: "-"): negative = true
            case UInt8(ascii: "."): afterPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard value != 0 else { return 0 }
                // An exponent beyond Int would need as many digits to bring it back.
                guard let written = Int(Substring(exponent)), written.magnitude < Int.max / 2 else { return nil }
                power += written
                exponent = exponent[exponent.endIndex...]
            case UInt8(ascii: "0"):
                zeros += 1
                if afterPoint { power -= 1 }
            default:
                guard let shifted = JSONNumber.shift(value, by: zeros + 1) else { return nil }
                let (sum, overflow) = shifted.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                guard !overflow else { return nil }
                value = sum
                zeros = 0
                if afterPoint { power -= 1 }
            }
        }
        guard value != 0 else { return 0 }
        guard power + zeros + places >= 0, let whole = JSONNumber.shift(value, by: power + zeros + places) else { return nil }
        guard !negative else { return whole }
        return whole == .min ? nil : -whole
    }

    /// value × 10^places; nil when it does not fit.
    private static func shift(_ value: Int64, by places: Int) -> Int64? {
        guard value != 0 else { return 0 }
        var shifted = value
        for _ in 0..<places {
            let (product, overflow) = shifted.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            shifted = product
        }
        return shifted
    }
}

extension Quantity: CustomStringConvertible {
    /// The shortest decimal: `24.5`, `-0.125`, `30`. No unit.
    public var description: String {
        let magnitude = thousandths.magnitude
        let whole = String(magnitude / 1000)
        var places = magnitude % 1000
        let sign = thousandths < 0 ? "-" : ""
        if places == 0 { return sign + whole }
        var width = 3
        while places % 10 == 0 {
            places /= 10
            width -= 1
        }
        let digits = String(places)
        return sign + whole + "." + String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    /// The decimal and the unit as people read them: `24.5 mg/h`.
    public var withUnit: String { description + " " + Unit.label }

    /// The decimal rounded half away from zero to `places` (0–3), with no trailing zeros: 5.667 to 1 place is `5.7`.
    public func rounded(places: Int) -> Self {
        let step: Int64 = places >= 3 ? 1 : places == 2 ? 10 : places == 1 ? 100 : 1000
        let rest = thousandths % step
        let base = thousandths - rest
        guard rest.magnitude * 2 >= step.magnitude else { return Self(thousandths: base) }
        let (up, overflow) = base.addingReportingOverflow(thousandths < 0 ? -step : step)
        return Self(thousandths: overflow ? base : up)
    }

    /// Reads `24.5`: an optional minus, digits, and at most three places. `nil` for anything else, also for more than fits.
    public init?(_ text: String) {
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        var value: Int64 = 0
        var places: Int?
        var count = 0
        for byte in digits {
            if byte == UInt8(ascii: "."), places == nil, count > 0 {
                places = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            if let soFar = places {
                guard soFar < 3 else { return nil }
                places = soFar + 1
            }
            guard let next = Self.appending(Int64(byte - UInt8(ascii: "0")), to: value, isNegative) else { return nil }
            value = next
            count += 1
        }
        guard count > 0, places != 0 else { return nil }
        for _ in (places ?? 0)..<3 {
            guard let next = Self.appending(0, to: value, isNegative) else { return nil }
            value = next
        }
        self.init(thousandths: value)
    }

    private static func appending(_ digit: Int64, to value: Int64, _ isNegative: Bool) -> Int64? {
        let (tenfold, over) = value.multipliedReportingOverflow(by: 10)
        let (sum, past) = isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
        return over || past ? nil : sum
    }
}

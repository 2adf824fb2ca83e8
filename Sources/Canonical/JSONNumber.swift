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
        let magnitude = thousandths.magnitude
        let whole = magnitude / 1000
        var fraction = magnitude % 1000
        guard fraction != 0 else {
            literal = (thousandths < 0 ? "-" : "") + String(whole)
            return
        }
        var places = 3
        while fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        let digits = String(fraction)
        let zeros = String(repeating: "0", count: places - digits.count)
        literal = (thousandths < 0 ? "-" : "") + String(whole) + "." + zeros + digits
    }

    /// The value as an integer; nil when it is not one or does not fit. `1.0` and `1e2` are integers.
    public var int64: Int64? {
        if let plain = Int64(literal) { return plain }
        guard let thousandths = scaled(places: 0) else { return nil }
        return thousandths
    }

    /// The value × 1000, exactly; nil when it has more than three decimal places or does not fit.
    public var thousandths: Int64? { scaled(places: 3) }

    /// The value × 10^places, exactly, or nil.
    private func scaled(places: Int) -> Int64? {
        var digits: [UInt8] = []
        var exponent = 0
        var negative = false
        var seenPoint = false
        var bytes = Array(literal.utf8)[...]
        if bytes.first == UInt8(ascii: "-") {
            negative = true
            bytes = bytes.dropFirst()
        }
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                if seenPoint { exponent -= 1 }
            case UInt8(ascii: "."): seenPoint = true
            default:  // e or E
                guard let written = Int(String(decoding: bytes, as: UTF8.self)), written.magnitude < 10_000 else { return nil }
                exponent += written
                bytes = []
            }
        }
        exponent += places
        while exponent < 0, digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if digits.allSatisfy({ $0 == 0 }) { return 0 }
        guard exponent >= 0, exponent < 20 else { return nil }
        var value: Int64 = 0
        for digit in digits + Array(repeating: 0, count: exponent) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            let (sum, carried) = product.subtractingReportingOverflow(Int64(digit))
            guard !carried else { return nil }
            value = sum
        }
        // Summed downwards, so that Int64.min is reached without overflow.
        guard !negative else { return value }
        return value == .min ? nil : -value
    }
}

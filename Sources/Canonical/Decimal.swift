/// Integers and thousandths as decimals, digit by digit into bytes.
enum Decimal {
    static func append(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        append(value.magnitude, to: &out)
    }

    static func append(_ magnitude: UInt64, to out: inout [UInt8]) {
        if magnitude < 10 { return out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude)) }
        var rest = magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            while rest > 0 {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<20]))
        }
    }

    /// Without zeros at the end: 24500 is `24.5`.
    static func append(thousandths: Int64, to out: inout [UInt8]) {
        if thousandths < 0 { out.append(UInt8(ascii: "-")) }
        append(thousandths.magnitude / 1000, to: &out)
        var fraction = thousandths.magnitude % 1000
        guard fraction != 0 else { return }
        out.append(UInt8(ascii: "."))
        var scale: UInt64 = 100
        while fraction != 0 {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / scale))
            fraction %= scale
            scale /= 10
        }
    }
}

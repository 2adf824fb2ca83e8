import Canonical
import Testing

@Suite("Numbers, exactly")
struct JSONNumberTests {
    @Test(
        "thousandths of a number as written",
        arguments: [
            ("0", 0), ("-0", 0), ("-0.000", 0), ("24.5", 24_500), ("24.500000", 24_500), ("0.001", 1), ("-0.001", -1), ("1e3", 1_000_000),
            ("1.5E+2", 150_000),
            ("1e-3", 1), ("1000e-6", 1), ("0.0001e1", 1), ("10.0000e-1", 1000), ("9223372036854775.807", .max),
            ("-9223372036854775.808", .min),
            ("-9223372036854775808e-3", .min), ("0e999999999999999999999", 0), ("0.000e-10001", 0),
            ("0.00000000000000000000000000001e29", 1000),
            ("123450000000000000000000000000e-28", 12_345),
        ] as [(String, Int64)])
    func thousandths(literal: String, expected: Int64) throws {
        #expect(try number(literal).thousandths == expected)
    }

    @Test(
        "no thousandths where they would not be exact or do not fit",
        arguments: [
            "0.0001", "24.5001", "1e-4", "-1e-9999999999999999999999", "9223372036854775.808", "-9223372036854775.809", "1e16", "1e300",
            "99999999999999999999",
            "0.00000000000000000000000000001", "1e-10001",
        ])
    func notThousandths(literal: String) throws {
        #expect(try number(literal).thousandths == nil)
    }

    @Test(
        "the integer of a number",
        arguments: [
            ("0", 0), ("-0", 0), ("-0.0", 0), ("12", 12), ("-12.000", -12), ("1e2", 100), ("120e-1", 12), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("-9.223372036854775808e18", .min), ("9007199254740993", 9_007_199_254_740_993), ("0e400", 0),
        ] as [(String, Int64)])
    func integer(literal: String, expected: Int64) throws {
        #expect(try number(literal).int64 == expected)
        #expect(try JSON.parse(literal).int64 == expected)
    }

    @Test(
        "no integer where there is a fraction or it does not fit",
        arguments: ["0.5", "-12.001", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "9.3e18", "1e300"])
    func notInteger(literal: String) throws {
        #expect(try number(literal).int64 == nil)
    }

    @Test("thousandths come back as they went in, without needless digits", arguments: 0..<4 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            // Every magnitude, not only the largest.
            let value = Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)
            let written = JSONNumber(thousandths: value)
            #expect(written.thousandths == value)
            #expect(try JSON.parse(written.literal) == .number(written))
            #expect(!written.literal.contains(".") || !"0.".contains(written.literal.suffix(1)))
            #expect(JSONNumber(value).int64 == value)
        }
        for value in [Int64.min, .min + 1, -1000, -999, -1, 0, 1, 10, 100, 999, 1000, 1001, .max - 1, .max] {
            #expect(JSONNumber(thousandths: value).thousandths == value)
        }
    }

    @Test("every spelling has the value of a schoolbook reading", arguments: 4..<8 as Range<UInt64>)
    func oracle(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<3000 {
            let literal = random.generator.oneIn(3) ? random.number() : nearby(&random.generator)
            let number = try number(literal)
            #expect(number.int64 == schoolbook(literal, places: 0), "\(literal)")
            #expect(number.thousandths == schoolbook(literal, places: 3), "\(literal)")
        }
    }

    @Test("numbers up to 2^53 mean the same in canonical form, in thousandths and as a double", arguments: 8..<10 as Range<UInt64>)
    func canonicalKeepsValue(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let value = Int64(bitPattern: generator.next()) >> Int64.random(in: 11...63, using: &generator)
            let written = JSONNumber(thousandths: value)
            let canonical = JSON.number(written).canonical
            #expect(try number(canonical).thousandths == value, "\(written.literal)")
            #expect(Double(canonical) == Double(written.literal))
        }
    }

    private func number(_ literal: String) throws -> JSONNumber {
        guard case .number(let number) = try JSON.parse(literal) else { throw NoNumber() }
        return number
    }

    private struct NoNumber: Error {}

    /// Spellings whose value lies near what fits.
    private func nearby(_ generator: inout SeededGenerator) -> String {
        let digits = String((Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)).magnitude)
        let zeros = String(repeating: "0", count: Int.random(in: 0...4, using: &generator))
        let fraction =
            String(repeating: "0", count: Int.random(in: 0...3, using: &generator)) + String(Int.random(in: 0...40, using: &generator))
        return generator.pick(["", "-"]) + (digits == "0" ? "0" : digits + zeros) + generator.pick(["", "." + fraction])
            + generator.pick(["", "e\(Int.random(in: -8...8, using: &generator))"])
    }

    /// Moves the point along the written digits, and compares what is left with what Int64 can hold.
    private func schoolbook(_ literal: String, places: Int) -> Int64? {
        let parts = literal.lowercased().split(separator: "e")
        let negative = parts[0].hasPrefix("-")
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var whole = String(mantissa[0])
        var fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        for _ in 0..<max(exponent + places, 0) { whole.append(fraction.isEmpty ? "0" : fraction.removeFirst()) }
        for _ in 0..<max(-exponent - places, 0) { fraction = (whole.popLast().map(String.init) ?? "0") + fraction }
        guard fraction.allSatisfy({ $0 == "0" }) else { return nil }
        let digits = whole.drop { $0 == "0" }
        return digits.isEmpty ? 0 : Int64((negative ? "-" : "") + digits)
    }
}

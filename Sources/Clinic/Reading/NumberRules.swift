public import Canonical

/// A whole number within limits that are part of the range. `5.0` is whole.
public struct IntegerRule: FieldRule {
    let range: ClosedRange<Int>

    public var placeholder: Int { range.lowerBound }
    public var expectation: String { "must be a whole number from \(range.lowerBound) to \(range.upperBound)" }

    public var schema: JSON {
        ["type": "integer", "minimum": .number(JSONNumber(range.lowerBound)), "maximum": .number(JSONNumber(range.upperBound))]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> Int {
        guard case .number(let number) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let wide = number.int64, let value = Int(exactly: wide), range.contains(value) else {
            findings.fail(expectation)
            return placeholder
        }
        return value
    }
}

/// One of a few whole numbers, such as the gauge of a cannula.
public struct IntegerChoiceRule: FieldRule {
    let allowed: [Int]

    public var placeholder: Int { 0 }
    public var expectation: String { "must be one of " + allowed.map(String.init).joined(separator: ", ") }

    public var schema: JSON { ["type": "integer", "enum": .array(allowed.map { .number(JSONNumber($0)) })] }

    public func read(_ json: JSON, _ findings: inout Findings) -> Int {
        guard case .number(let number) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let wide = number.int64, let value = Int(exactly: wide), allowed.contains(value) else {
            findings.fail(expectation)
            return placeholder
        }
        return value
    }
}

/// An exact decimal of at most three places, within limits, in the unit that the field's name gives.
public struct QuantityRule<Unit: MeasurementUnit>: FieldRule {
    let limits: Limits<Quantity<Unit>>

    public var placeholder: Quantity<Unit> { .zero }
    public var expectation: String { "must be a number \(limits.phrase) \(Unit.label), with at most 3 decimal places" }

    public var schema: JSON {
        [
            "type": "number", "description": .string("\(Unit.label), with at most 3 decimal places"),
            limits.includesLower ? "minimum" : "exclusiveMinimum": limits.lower.fieldJSON,
            limits.includesUpper ? "maximum" : "exclusiveMaximum": limits.upper.fieldJSON,
        ]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> Quantity<Unit> {
        guard case .number(let number) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let value = Self.exact(number) else {
            findings.fail(expectation)
            return placeholder
        }
        guard limits.contains(value) else {
            findings.fail("must be \(limits.phrase) \(Unit.label)")
            return placeholder
        }
        return value
    }

    /// Nearly every number is a plain decimal, read without allocating; exponents and trailing zeros take the general way.
    private static func exact(_ number: JSONNumber) -> Quantity<Unit>? {
        Quantity(number.literal) ?? number.thousandths.map(Quantity.init(thousandths:))
    }
}

extension FieldRule where Self == IntegerRule {
    public static func integer(_ range: ClosedRange<Int>) -> Self { IntegerRule(range: range) }
}

extension FieldRule where Self == IntegerChoiceRule {
    public static func integer(among allowed: [Int]) -> Self { IntegerChoiceRule(allowed: allowed) }
}

extension FieldRule {
    public static func quantity<Unit>(_ limits: Limits<Quantity<Unit>>) -> Self where Self == QuantityRule<Unit> {
        QuantityRule(limits: limits)
    }
}

/// A unit of measurement, used only as a type: it has no values.
public protocol MeasurementUnit: Sendable {
    /// The UCUM code, as exports write it: `mm[Hg]`.
    static var symbol: String { get }
    /// The unit as people read it: `mmHg`. The UCUM code unless it says otherwise.
    static var label: String { get }
}

extension MeasurementUnit {
    public static var label: String { symbol }
}

/// An exact amount of one unit, in thousandths (micrograms for mg), so that no dose ever passes through binary floating point.
///
/// Amounts of different units are different types. Arithmetic never traps: what could overflow throws ``QuantityError``.
public struct Quantity<Unit: MeasurementUnit>: Sendable, Hashable {
    /// The amount × 1000.
    public let thousandths: Int64

    @inlinable
    public init(thousandths: Int64) { self.thousandths = thousandths }

    public static var zero: Self { Self(thousandths: 0) }
}

extension Quantity: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.thousandths < right.thousandths }
}

/// Whole amounts may be written as literals: `let rate: MilligramsPerHour = 30`. One that does not fit is cut to the nearest that does.
extension Quantity: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
        self.init(thousandths: overflow ? (value < 0 ? .min : .max) : product)
    }
}

extension Quantity {
    /// - Throws: ``QuantityError/overflow`` past ±9.2 × 10¹⁵.
    public func adding(_ other: Self) throws(QuantityError) -> Self {
        let (sum, overflow) = thousandths.addingReportingOverflow(other.thousandths)
        if overflow { throw .overflow }
        return Self(thousandths: sum)
    }

    /// - Throws: ``QuantityError/overflow`` past ±9.2 × 10¹⁵.
    public func subtracting(_ other: Self) throws(QuantityError) -> Self {
        let (difference, overflow) = thousandths.subtractingReportingOverflow(other.thousandths)
        if overflow { throw .overflow }
        return Self(thousandths: difference)
    }

    /// This amount × `factor` / `divisor`, rounded half away from zero to the nearest thousandth.
    /// - Throws: ``QuantityError``, also where `divisor` is 0.
    public func scaled(by factor: Int64, over divisor: Int64 = 1) throws(QuantityError) -> Self {
        Self(thousandths: try ExactRatio.rounded(Int128(thousandths) * Int128(factor), over: Int128(divisor)))
    }
}

/// The integral of a charted rate, plus boluses: what has been given.
///
/// Kept exact (micrograms × microseconds) and rounded once, when it is read, so that cutting a span in two never changes the total.
public struct InfusedAmount: Sendable, Hashable {
    /// µg/h × µs.
    private var product: Int128 = 0

    private static let microsecondsPerHour: Int128 = 3_600_000_000

    public init() {}

    /// Adds a span at a steady rate. A paused span (rate 0) adds nothing.
    /// - Throws: ``QuantityError/overflow``.
    public mutating func add(rate: MilligramsPerHour, microseconds: Int64) throws(QuantityError) {
        try add(Int128(rate.thousandths) * Int128(microseconds))
    }

    /// Adds an amount given at once.
    /// - Throws: ``QuantityError/overflow``.
    public mutating func add(bolus: Milligrams) throws(QuantityError) {
        try add(Int128(bolus.thousandths) * Self.microsecondsPerHour)
    }

    /// Rounded half away from zero to the microgram.
    public var total: Milligrams {
        get throws(QuantityError) {
            Milligrams(thousandths: try ExactRatio.rounded(product, over: Self.microsecondsPerHour))
        }
    }

    private mutating func add(_ more: Int128) throws(QuantityError) {
        let (sum, overflow) = product.addingReportingOverflow(more)
        if overflow { throw .overflow }
        product = sum
    }
}

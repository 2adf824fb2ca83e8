/// Why an amount could not be worked out. Carries no values.
public enum QuantityError: Error, Sendable, Hashable {
    /// The result does not fit: its size passes 9.2 × 10¹⁵.
    case overflow
    /// Division by a zero weight, concentration or time.
    case divisionByZero
}

/// Integer division with the one rounding rule of this module: half away from zero.
enum ExactRatio {
    static func rounded(_ numerator: Int128, over divisor: Int128) throws(QuantityError) -> Int64 {
        if divisor == 0 { throw .divisionByZero }
        let (quotient, overflow) = numerator.dividedReportingOverflow(by: divisor)
        if overflow { throw .overflow }
        let remainder = numerator % divisor
        // Compared as (divisor − remainder), because twice the remainder might not fit.
        let roundsUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude && remainder != 0
        let isNegative = (numerator < 0) != (divisor < 0)
        let (result, past) = quotient.addingReportingOverflow(roundsUp ? (isNegative ? -1 : 1) : 0)
        guard !past, let exact = Int64(exactly: result) else { throw .overflow }
        return exact
    }
}

import Clinic

/// The slope of a series of values over the number of the session, by least squares.
///
/// Exact: sums are integers, and the quotient is rounded once, half away from zero, to a thousandth of a point a session.
enum Trend {
    /// - Parameter points: the number of the session in its series, and a value in thousandths.
    /// - Returns: thousandths a session; nil for less than two sessions.
    static func slope(_ points: [(number: Int, thousandths: Int64)]) -> Int64? {
        let count = Int128(points.count)
        var (sumX, sumY, sumXY, sumXX) = (Int128(0), Int128(0), Int128(0), Int128(0))
        for (number, value) in points {
            let (x, y) = (Int128(number), Int128(value))
            sumX += x
            sumY += y
            sumXY += x * y
            sumXX += x * x
        }
        return quotient(count * sumXY - sumX * sumY, count * sumXX - sumX * sumX)
    }

    /// The mean in thousandths, rounded half away from zero; nil for none.
    static func mean(_ values: [Int64]) -> Int64? { quotient(values.reduce(Int128(0)) { $0 + Int128($1) }, Int128(values.count)) }

    /// Rounded half away from zero; nil where nothing divides.
    static func quotient(_ numerator: Int128, _ divisor: Int128) -> Int64? {
        guard divisor > 0 else { return nil }
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: divisor)
        let isUp = rest.magnitude * 2 >= divisor.magnitude
        return Int64(exactly: whole + (isUp ? (numerator < 0 ? -1 : 1) : 0))
    }
}

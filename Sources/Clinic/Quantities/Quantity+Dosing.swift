/// The sums of weight-based dosing. Each result is rounded once, half away from zero, to a thousandth of its unit.
/// All throw ``QuantityError``: `overflow`, or `divisionByZero` where a weight, concentration or time is 0.

extension Milligrams {
    /// The amount that `rate` gives in `microseconds`. For several spans use ``InfusedAmount``, which rounds only at the end.
    public init(rate: MilligramsPerHour, microseconds: Int64) throws(QuantityError) {
        var amount = InfusedAmount()
        try amount.add(rate: rate, microseconds: microseconds)
        self = try amount.total
    }

    /// mg → mg/kg.
    public func per(_ weight: Kilograms) throws(QuantityError) -> MilligramsPerKilogram {
        MilligramsPerKilogram(thousandths: try quotient(thousandths, weight.thousandths))
    }

    /// mg → mL of a solution.
    public func volume(at concentration: MilligramsPerMillilitre) throws(QuantityError) -> Millilitres {
        Millilitres(thousandths: try quotient(thousandths, concentration.thousandths))
    }
}

extension MilligramsPerKilogram {
    /// mg/kg → mg.
    public func times(_ weight: Kilograms) throws(QuantityError) -> Milligrams {
        Milligrams(thousandths: try product(thousandths, weight.thousandths))
    }

    /// The steady rate that gives this dose in `minutes`: 0.5 mg/kg in 40 min is 0.75 mg/kg/h.
    public func over(minutes: Int) throws(QuantityError) -> MilligramsPerKilogramPerHour {
        MilligramsPerKilogramPerHour(thousandths: try ExactRatio.rounded(Int128(thousandths) * 60, over: Int128(minutes)))
    }
}

extension MilligramsPerHour {
    /// mg/h → mg/kg/h.
    public func per(_ weight: Kilograms) throws(QuantityError) -> MilligramsPerKilogramPerHour {
        MilligramsPerKilogramPerHour(thousandths: try quotient(thousandths, weight.thousandths))
    }

    /// mg/h → the mL/h that the pump shows.
    public func flow(at concentration: MilligramsPerMillilitre) throws(QuantityError) -> MillilitresPerHour {
        MillilitresPerHour(thousandths: try quotient(thousandths, concentration.thousandths))
    }
}

extension MilligramsPerKilogramPerHour {
    /// mg/kg/h → mg/h.
    public func times(_ weight: Kilograms) throws(QuantityError) -> MilligramsPerHour {
        MilligramsPerHour(thousandths: try product(thousandths, weight.thousandths))
    }

    /// The same rate as pumps and papers often give it: 0.34 mg/kg/h is 5.667 mcg/kg/min.
    public var perMinute: MicrogramsPerKilogramPerMinute {
        get throws(QuantityError) {
            MicrogramsPerKilogramPerMinute(thousandths: try ExactRatio.rounded(Int128(thousandths) * 1000, over: 60))
        }
    }
}

private func quotient(_ left: Int64, _ right: Int64) throws(QuantityError) -> Int64 {
    try ExactRatio.rounded(Int128(left) * 1000, over: Int128(right))
}

private func product(_ left: Int64, _ right: Int64) throws(QuantityError) -> Int64 {
    try ExactRatio.rounded(Int128(left) * Int128(right), over: 1000)
}

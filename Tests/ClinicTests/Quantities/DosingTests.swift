import Clinic
import Testing

@Suite struct DosingTests {
    private static let minute: Int64 = 60_000_000

    /// The check values of the domain's reference.
    @Test func checkValues() throws {
        #expect(try MilligramsPerKilogramPerHour(thousandths: 340).perMinute == MicrogramsPerKilogramPerMinute(thousandths: 5_667))
        #expect(try MilligramsPerKilogram(thousandths: 500).over(minutes: 40) == MilligramsPerKilogramPerHour(thousandths: 750))
        let rate = try MilligramsPerKilogramPerHour(thousandths: 350).times(70)
        #expect(rate == MilligramsPerHour(thousandths: 24_500))
        #expect(try rate.flow(at: 1) == MillilitresPerHour(thousandths: 24_500))
    }

    @Test func conversions() throws {
        #expect(try Milligrams(thousandths: 35_000).per(70) == MilligramsPerKilogram(thousandths: 500))
        #expect(try MilligramsPerKilogram(thousandths: 500).times(70) == 35)
        #expect(try MilligramsPerHour(thousandths: 24_500).per(70) == MilligramsPerKilogramPerHour(thousandths: 350))
        #expect(try Milligrams(thousandths: 35_000).volume(at: MilligramsPerMillilitre(thousandths: 500)) == 70)
        #expect(try Milligrams(1).per(3).description == "0.333")
        #expect(try Milligrams(2).per(3).description == "0.667")
        #expect(try Milligrams(-2).per(3).description == "-0.667")
        #expect(throws: QuantityError.divisionByZero) { try MilligramsPerKilogram(1).over(minutes: 0) }
        #expect(throws: QuantityError.divisionByZero) { try MilligramsPerHour(1).flow(at: 0) }
    }

    /// 1 µg/h for half an hour is half a microgram: away from zero.
    @Test func integralRoundsHalfAwayFromZero() throws {
        let slow = MilligramsPerHour(thousandths: 1)
        #expect(try Milligrams(rate: slow, microseconds: 30 * Self.minute) == Milligrams(thousandths: 1))
        #expect(try Milligrams(rate: slow, microseconds: 30 * Self.minute - 1) == 0)
        #expect(try Milligrams(rate: slow, microseconds: -30 * Self.minute) == Milligrams(thousandths: -1))
        #expect(
            try Milligrams(rate: MilligramsPerHour(thousandths: 24_500), microseconds: 60 * Self.minute) == Milligrams(thousandths: 24_500))
    }

    /// Cutting a span anywhere never changes what was given.
    @Test func cuttingASpanChangesNothing() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            let rate = MilligramsPerHour(thousandths: .random(in: 0...700_000, using: &random))
            let whole = Int64.random(in: 0...(8 * 60 * Self.minute), using: &random)
            let cuts = (0..<5).map { _ in Int64.random(in: 0...whole, using: &random) }.sorted()
            var given = InfusedAmount()
            for (from, to) in zip([0] + cuts, cuts + [whole]) { try given.add(rate: rate, microseconds: to - from) }
            #expect(try given.total == Milligrams(rate: rate, microseconds: whole))
        }
    }

    @Test func bolusesAddExactly() throws {
        var given = InfusedAmount()
        try given.add(bolus: 7)
        try given.add(rate: MilligramsPerHour(thousandths: 24_500), microseconds: 40 * Self.minute)
        try given.add(rate: 0, microseconds: 20 * Self.minute)
        #expect(try given.total == Milligrams(thousandths: 23_333))
    }

    @Test func integralReportsOverflow() throws {
        let most = MilligramsPerHour(thousandths: .max)
        #expect(throws: QuantityError.overflow) { try Milligrams(rate: most, microseconds: .max) }
        var given = InfusedAmount()
        try given.add(rate: most, microseconds: .max)
        #expect(throws: QuantityError.overflow) { for _ in 0..<3 { try given.add(rate: most, microseconds: .max) } }
    }

    /// Against plain rational arithmetic: |result × divisor − numerator| is at most half the divisor, and at exactly half it is the larger.
    @Test func quotientsAreTheNearest() throws {
        var random = SplitMix(seed: 11)
        for _ in 0..<5_000 {
            let amount = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
            let weight = Int64.random(in: 1...350_000, using: &random)
            let result = try Milligrams(thousandths: amount).per(Kilograms(thousandths: weight)).thousandths
            let error = (result * weight - amount * 1000).magnitude * 2
            #expect(error < UInt64(weight) || (error == UInt64(weight) && result.magnitude * UInt64(weight) > amount.magnitude * 1000))
        }
    }

    /// mg/kg/h → mg/h → mg/kg/h is the way back, for every weight that is allowed.
    @Test func ratesByWeightGoThereAndBack() throws {
        var random = SplitMix(seed: 13)
        for _ in 0..<2_000 {
            let weight = Kilograms(thousandths: .random(in: 20_000...350_000, using: &random))
            let rate = MilligramsPerKilogramPerHour(thousandths: .random(in: 0...2_000, using: &random))
            #expect(try rate.times(weight).per(weight) == rate)
        }
    }
}

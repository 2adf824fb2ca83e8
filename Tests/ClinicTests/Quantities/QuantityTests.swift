import Clinic
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0"), (1, "0.001"), (10, "0.01"), (100, "0.1"), (1000, "1"), (24_500, "24.5"), (-125, "-0.125"), (-1000, "-1"),
        (5_667, "5.667"),
        (Int64.max, "9223372036854775.807"), (Int64.min, "-9223372036854775.808"),
    ])
    func formatsAndReadsBack(_ thousandths: Int64, _ text: String) {
        let amount = Milligrams(thousandths: thousandths)
        #expect(amount.description == text)
        #expect(Milligrams(text) == amount)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "1.2345", "1,5", "1e3", "+1", " 1", "1 ", "--1", "1.2.3", "9223372036854775.808", "-9223372036854775.809",
        "99999999999999999999", "１",
    ])
    func refusesOtherText(_ text: String) {
        #expect(Milligrams(text) == nil)
    }

    @Test func namesItsUnit() {
        #expect(MilligramsPerHour(thousandths: 24_500).withUnit == "24.5 mg/h")
        #expect(MillimetresOfMercury(integerLiteral: 120).withUnit == "120 mmHg")
        #expect(
            MillimetreOfMercury.symbol == "mm[Hg]" && MicrogramPerKilogramPerMinute.symbol == "ug/kg/min" && DegreeCelsius.symbol == "Cel")
    }

    @Test(arguments: [
        (5_667, 1, 5_700), (5_650, 1, 5_700), (5_649, 1, 5_600), (-5_650, 1, -5_700), (499, 0, 0), (500, 0, 1000), (1_234, 3, 1_234),
    ])
    func roundsHalfAwayFromZero(_ thousandths: Int64, _ places: Int, _ expected: Int64) {
        #expect(Milligrams(thousandths: thousandths).rounded(places: places).thousandths == expected)
    }

    @Test func roundingAtTheEdgeStaysInside() {
        #expect(Milligrams(thousandths: .max).rounded(places: 0) <= Milligrams(thousandths: .max))
        #expect(Milligrams(thousandths: .min).rounded(places: 0) >= Milligrams(thousandths: .min))
    }

    @Test func overflowIsThrownNeverTrapped() throws {
        let most = Milligrams(thousandths: .max)
        let least = Milligrams(thousandths: .min)
        #expect(throws: QuantityError.overflow) { try most.adding(Milligrams(thousandths: 1)) }
        #expect(throws: QuantityError.overflow) { try least.subtracting(Milligrams(thousandths: 1)) }
        #expect(throws: QuantityError.overflow) { try most.scaled(by: 2) }
        #expect(throws: QuantityError.overflow) { try least.scaled(by: -1) }
        #expect(throws: QuantityError.divisionByZero) { try most.scaled(by: 1, over: 0) }
        #expect(throws: QuantityError.divisionByZero) { try most.per(0) }
        #expect(throws: QuantityError.overflow) { try most.per(Kilograms(thousandths: 1)) }
        #expect(try most.scaled(by: .min, over: .min) == most)
        #expect(try least.scaled(by: 1, over: .min) == Milligrams(thousandths: 1))
    }

    @Test func comparesByAmount() {
        #expect(Milligrams(thousandths: -1) < 0 && Milligrams(thousandths: 999) < 1 && Milligrams(thousandths: 1000) == 1)
        #expect([Milligrams(thousandths: 3), 1, 2].sorted().map(\.thousandths) == [3, 1000, 2000])
    }
}

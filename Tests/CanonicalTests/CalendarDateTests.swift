import Canonical
import Testing

@Suite("Dates")
struct CalendarDateTests {
    @Test(
        "every day of years around leap years, centuries and the bounds",
        arguments: [1, 4, 1582, 1600, 1700, 1899, 1900, 1969, 1970, 1999, 2000, 2024, 2026, 2100, 2400, 9999])
    func everyDay(year: Int) throws {
        let calendar = NaiveCalendar()
        for (index, length) in NaiveCalendar.months(of: year).enumerated() {
            let month = index + 1
            for day in 1...length {
                let date = try #require(CalendarDate(year: year, month: month, day: day))
                #expect(date.dayNumber == Int64(calendar.dayNumber(year: year, month: month, day: day)))
                #expect((date.year, date.month, date.day) == (year, month, day))
                #expect(CalendarDate(date.description) == date)
            }
            #expect(CalendarDate(year: year, month: month, day: length + 1) == nil)
            #expect(CalendarDate(year: year, month: month, day: 0) == nil)
        }
        #expect(CalendarDate(year: year, month: 0, day: 1) == nil)
        #expect(CalendarDate(year: year, month: 13, day: 1) == nil)
    }

    @Test("numbers of days at random", arguments: 0..<2 as Range<UInt64>)
    func randomDays(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let calendar = NaiveCalendar()
        for _ in 0..<1000 {
            let number = Int.random(in: -719_162...2_932_896, using: &generator)
            let date = CalendarDate(dayNumber: Int64(number))
            #expect(date.description == calendar.date(dayNumber: number))
            #expect(CalendarDate(date.description)?.dayNumber == Int64(number))
        }
    }

    @Test(
        "refused texts",
        arguments: [
            "", "2026-11-2", "2026-1-02", "26-11-22", "2026/11/22", "20261122", "2026-11-22 ", " 2026-11-22", "2026-11-22T", "2025-02-29",
            "1900-02-29", "2026-04-31",
            "2026-00-10", "2026-13-10", "2026-11-00", "-026-11-22", "+026-11-22", "2026-+1-22", "2026- 1-22", "２026-11-2", "é26-11-22",
            "0000-01-01", "0000-12-31",
        ])
    func refused(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test(
        "full years, as ages are counted",
        arguments: [
            ("1984-05-12", "2026-05-11", 41), ("1984-05-12", "2026-05-12", 42), ("1984-05-12", "1984-05-12", 0),
            ("2000-02-29", "2026-02-28", 25),
            ("2000-02-29", "2026-03-01", 26), ("2000-02-29", "2028-02-29", 28), ("2026-06-01", "2026-05-31", -1),
            ("2000-12-31", "2001-01-01", 0),
        ])
    func fullYears(from: String, to: String, years: Int) throws {
        #expect(try #require(CalendarDate(from)).fullYears(until: #require(CalendarDate(to))) == years)
    }

    @Test("order is that of time")
    func order() throws {
        let texts = ["0001-01-01", "1969-12-31", "1970-01-01", "2026-02-28", "2026-03-01", "9999-12-31"]
        let dates = try texts.map { try #require(CalendarDate($0)) }
        #expect(dates.reversed().sorted() == dates)
    }
}

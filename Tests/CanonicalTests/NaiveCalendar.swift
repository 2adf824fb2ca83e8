/// The Gregorian calendar as one learns it: counts the days year by year and month by month. Slow, and nothing to get wrong.
struct NaiveCalendar {
    /// Days before 1 January of the years 0…10000, from 0000-01-01.
    private let daysBefore: [Int]

    init() {
        var sums = [0]
        for year in 0..<10_000 { sums.append(sums[year] + NaiveCalendar.months(of: year).reduce(0, +)) }
        daysBefore = sums
    }

    static func months(of year: Int) -> [Int] {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    /// Days since 1970-01-01.
    func dayNumber(year: Int, month: Int, day: Int) -> Int {
        daysBefore[year] + NaiveCalendar.months(of: year)[..<(month - 1)].reduce(0, +) + day - 1 - daysBefore[1970]
    }

    /// The date, `YYYY-MM-DD`, that many days after 1970-01-01.
    func date(dayNumber: Int) -> String {
        var days = dayNumber + daysBefore[1970]
        let year = (daysBefore.firstIndex { $0 > days } ?? daysBefore.count) - 1
        days -= daysBefore[year]
        var month = 1
        for length in NaiveCalendar.months(of: year) {
            if days < length { break }
            days -= length
            month += 1
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(days + 1, 2))"
    }

    func rfc3339(microseconds: Int64) -> String {
        // From year 0 on, all is positive, and division does what one expects.
        let shifted = microseconds + Int64(daysBefore[1970]) * 86_400_000_000
        let date = date(dayNumber: Int(shifted / 86_400_000_000) - daysBefore[1970])
        let clock = Int(shifted % 86_400_000_000)
        let seconds = clock / 1_000_000
        return
            "\(date)T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(clock % 1_000_000, 6))Z"
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
}

import Foundation

/// An instant in UTC, to the microsecond, as PostgreSQL's `timestamptz` keeps it.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    private static let day: Int64 = 86_400_000_000
    /// 0001-01-01 and 10000-01-01: years outside four digits cannot be written in RFC 3339.
    private static let range: Range<Int64> = -62_135_596_800_000_000..<253_402_300_800_000_000

    /// Reads RFC 3339 with an offset, e.g. `2026-11-22T10:30:00-05:00`. Nil without an offset, with more than six decimals of a second,
    /// or for a time that does not exist (a leap second included: PostgreSQL has none).
    public init?(rfc3339 text: String) {
        if let time = Timestamp(plain: text) {
            self = time
            return
        }
        self.init(general: text)
    }

    /// Nearly every time is written as entries write it, `2026-11-22T15:30:00.000000Z`: read in place. Nil where it is written in another way.
    private init?(plain text: String) {
        let read = text.utf8.withContiguousStorageIfAvailable { bytes -> Int64? in
            guard bytes.count == 27, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
                bytes[19] == UInt8(ascii: "."), bytes[26] == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
                bytes[7] == UInt8(ascii: "-")
            else { return nil }
            func pair(_ at: Int) -> Int? {
                let (tens, ones) = (bytes[at] &- UInt8(ascii: "0"), bytes[at + 1] &- UInt8(ascii: "0"))
                return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
            }
            guard let century = pair(0), let year = pair(2), let month = pair(5), let day = pair(8), let hour = pair(11),
                let minute = pair(14), let second = pair(17), let first = pair(20), let middle = pair(22), let last = pair(24), hour < 24,
                minute < 60, second < 60, let date = CalendarDate(year: century * 100 + year, month: month, day: day)
            else { return nil }
            let seconds = Int64(hour * 3600 + minute * 60 + second)
            return date.dayNumber * Timestamp.day + seconds * 1_000_000 + Int64(first * 10_000 + middle * 100 + last)
        }
        guard let read, let microseconds = read, Timestamp.range.contains(microseconds) else { return nil }
        self.microseconds = microseconds
    }

    private init?(general text: String) {
        var bytes = Array(text.utf8)[...]
        guard bytes.count >= 20, let date = CalendarDate(ascii: bytes[..<10]) else { return nil }
        guard bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Digits.value(bytes[11..<13]), let minute = Digits.value(bytes[14..<16]), let second = Digits.value(bytes[17..<19]),
            hour < 24, minute < 60, second < 60
        else { return nil }
        bytes = bytes[19...]
        var fraction = 0
        if bytes.first == UInt8(ascii: ".") {
            let digits = bytes.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard (1...6).contains(digits.count), var value = Digits.value(digits) else { return nil }
            for _ in digits.count..<6 { value *= 10 }
            fraction = value
            bytes = bytes.dropFirst(1 + digits.count)
        }
        guard let offset = Timestamp.offsetMinutes(bytes) else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second) - Int64(offset * 60)
        microseconds = date.dayNumber * Timestamp.day + seconds * 1_000_000 + Int64(fraction)
        guard Timestamp.range.contains(microseconds) else { return nil }
    }

    private static func offsetMinutes(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let sign = bytes.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":"),
            let hours = Digits.value(bytes[(start + 1)..<(start + 3)]), let minutes = Digits.value(bytes[(start + 4)..<(start + 6)]),
            hours < 24, minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// UTC with six decimals and `Z`: `2026-11-22T15:30:00.000000Z`, the form of an entry.
    public var description: String {
        var out: [UInt8] = []
        out.reserveCapacity(27)
        append(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends what `description` says.
    func append(to out: inout [UInt8]) {
        let (date, rest) = split
        date.append(to: &out)
        let (seconds, fraction) = (Int(rest / 1_000_000), Int(rest % 1_000_000))
        out.append(UInt8(ascii: "T"))
        Digits.append(pair: seconds / 3600, to: &out)
        out.append(UInt8(ascii: ":"))
        Digits.append(pair: seconds / 60 % 60, to: &out)
        out.append(UInt8(ascii: ":"))
        Digits.append(pair: seconds % 60, to: &out)
        out.append(UInt8(ascii: "."))
        Digits.append(pair: fraction / 10_000, to: &out)
        Digits.append(pair: fraction / 100 % 100, to: &out)
        Digits.append(pair: fraction % 100, to: &out)
        out.append(UInt8(ascii: "Z"))
    }

    /// The date in UTC, and the microseconds since its midnight.
    private var split: (CalendarDate, Int64) {
        let (days, rest) = microseconds.quotientAndRemainder(dividingBy: Timestamp.day)
        return rest < 0 ? (CalendarDate(dayNumber: days - 1), rest + Timestamp.day) : (CalendarDate(dayNumber: days), rest)
    }

    /// The date in UTC.
    public var date: CalendarDate { split.0 }

    public func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + seconds * 1_000_000) }
    public func adding(minutes: Int64) -> Timestamp { adding(seconds: minutes * 60) }
    public func adding(days: Int64) -> Timestamp { Timestamp(microseconds: microseconds + days * Timestamp.day) }
    public func microseconds(since other: Timestamp) -> Int64 { microseconds - other.microseconds }
    public func minutes(since other: Timestamp) -> Double { Double(microseconds(since: other)) / 60_000_000 }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}

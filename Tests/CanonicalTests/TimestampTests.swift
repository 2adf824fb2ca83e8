import Canonical
import Testing

@Suite("Instants")
struct TimestampTests {
    @Test(
        "texts of RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T19:00:00-05:00", 0), ("1970-01-01t00:00:00z", 0), ("1970-01-01T00:00:00.5Z", 500_000),
            ("1970-01-01T00:00:00-00:00", 0),
            ("2026-11-22T15:30:00Z", 1_795_361_400_000_000), ("2026-11-22T10:30:00-05:00", 1_795_361_400_000_000),
            ("2026-11-22T21:15:00.00+05:45", 1_795_361_400_000_000),
            ("2000-02-29T12:00:00Z", 951_825_600_000_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("0001-01-01T23:59:00+23:59", -62_135_596_800_000_000), ("0000-12-31T23:59:59-00:01", -62_135_596_741_000_000),
        ] as [(String, Int64)])
    func accepted(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(
        "refused texts",
        arguments: [
            "", "2026-11-22", "2026-11-22T15:30:00", "2026-11-22T15:30Z", "2026-11-22 15:30:00Z", "2026-11-22T15:30:00.Z",
            "2026-11-22T15:30:00.1234567Z",
            "2026-11-22T15:30:00,5Z", "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z", "2026-11-22T23:59:60Z", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-22T15:30:00+5:00", "2026-11-22T15:30:00+0500",
            "2026-11-22T15:30:00+24:00",
            "2026-11-22T15:30:00+05:60", "2026-11-22T15:30:00+05", "2026-11-22T15:30:00ZZ", "2026-11-22T15:30:00Z ",
            " 2026-11-22T15:30:00Z", "2026-11-22T15:30:00 Z",
            "+026-11-22T15:30:00Z", "-001-11-22T15:30:00Z", "12026-11-22T15:30:00Z", "2026-1-22T15:30:00.0Z", "2026-11-22T-5:30:00Z",
            "2026-11-22T15:30:00+-5:00",
            "0001-01-01T00:00:00+00:01", "0000-06-01T00:00:00Z", "9999-12-31T23:59:59-00:01", "２026-11-22T15:30:00Z",
            "2026-11-22T15:30:00\u{0}Z", "1795361400",
            "2026-W47-7T15:30:00Z", "2026-11-22T15:30:00.Ｚ", "2026-11-22T15:30:00\u{2212}05:00",
        ])
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    /// The form of entries is read in a way of its own: it must read what the general way reads, which an offset asks for, and refuse the same.
    @Test("the form of entries is read as any other")
    func formOfEntries() {
        var generator = SeededGenerator(seed: 74)
        for _ in 0..<20_000 {
            let time = Timestamp(microseconds: Int64.random(in: -62_135_596_800_000_000..<253_402_300_800_000_000, using: &generator))
            #expect(Timestamp(rfc3339: time.description) == time)
            var bytes = Array(time.description.utf8)
            bytes[Int.random(in: 0..<26, using: &generator)] = generator.pick(Array("0123456789-:.TZ ".utf8))
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(Timestamp(rfc3339: changed) == Timestamp(rfc3339: String(changed.dropLast()) + "+00:00"))
        }
    }

    @Test("every offset of whole minutes")
    func offsets() {
        let local = Int64(1_795_361_400_000_000)
        for minutes in 0..<(24 * 60) {
            let written = "\(two(minutes / 60)):\(two(minutes % 60))"
            let shift = Int64(minutes) * 60_000_000
            #expect(Timestamp(rfc3339: "2026-11-22T15:30:00+\(written)")?.microseconds == local - shift)
            #expect(Timestamp(rfc3339: "2026-11-22T15:30:00-\(written)")?.microseconds == local + shift)
        }
    }

    @Test("fractions of one to six places", arguments: 1...6)
    func fractions(places: Int) {
        var generator = SeededGenerator(seed: UInt64(places))
        var unit = Int64(1)
        for _ in places..<6 { unit *= 10 }
        for _ in 0..<200 {
            let value = Int64.random(in: 0..<(1_000_000 / unit), using: &generator)
            let digits = String(value)
            let text = "1970-01-01T00:00:00." + String(repeating: "0", count: places - digits.count) + digits + "Z"
            #expect(Timestamp(rfc3339: text)?.microseconds == value * unit)
        }
    }

    @Test("what is written is what is read, and what the naive calendar says", arguments: 0..<4 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let calendar = NaiveCalendar()
        for _ in 0..<500 {
            let microseconds = Int64.random(in: -62_135_596_800_000_000..<253_402_300_800_000_000, using: &generator)
            let time = Timestamp(microseconds: microseconds)
            #expect(time.description == calendar.rfc3339(microseconds: microseconds))
            #expect(Timestamp(rfc3339: time.description) == time)
            #expect(time.date.description == String(time.description.prefix(10)))
        }
    }

    @Test("order of texts is order of instants")
    func order() {
        var generator = SeededGenerator(seed: 9)
        let times = (0..<300).map { _ in Timestamp(microseconds: Int64.random(in: 0..<4_000_000_000_000_000, using: &generator)) }
        #expect(times.sorted().map(\.description) == times.map(\.description).sorted())
        #expect(times.sorted().map(\.microseconds) == times.map(\.microseconds).sorted())
    }

    @Test("steps and differences")
    func arithmetic() {
        let time = Timestamp(microseconds: 1_795_361_400_000_000)
        #expect(time.adding(seconds: 90).description == "2026-11-22T15:31:30.000000Z")
        #expect(time.adding(minutes: -931).description == "2026-11-21T23:59:00.000000Z")
        #expect(time.adding(days: 100).description == "2027-03-02T15:30:00.000000Z")
        #expect(time.adding(minutes: 11).microseconds(since: time) == 660_000_000)
        #expect(time.adding(seconds: -90).minutes(since: time) == -1.5)
    }

    @Test(
        "instants that no text can name are still written without a trap",
        arguments: [Int64.min, .min + 1, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
    func outOfRange(microseconds: Int64) {
        #expect(!Timestamp(microseconds: microseconds).description.isEmpty)
    }

    @Test("now is now: after this code was written, and never far from before")
    func now() {
        let first = Timestamp.now()
        #expect(first > Timestamp(microseconds: 1_767_225_600_000_000))
        #expect(Timestamp(rfc3339: first.description) == first)
    }

    @Test("random texts never trap", arguments: 20..<22 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["2026-11-22", "T", "15:30:00", ".", "123456", "Z", "+", "-", "05:00", "00", "9", ":", "é", "😀", " "]
        for _ in 0..<4000 {
            var bytes = Array((0..<Int.random(in: 0...6, using: &generator)).map { _ in generator.pick(pieces) }.joined().utf8)
            if !bytes.isEmpty, generator.oneIn(2) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) {
                #expect(Timestamp(rfc3339: time.description) == time)
            }
        }
    }

    private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

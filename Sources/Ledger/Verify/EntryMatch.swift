import Canonical
import Foundation

/// Holds an entry against what it should say, piece by piece, byte for byte.
struct EntryMatch {
    private let entry: UnsafeRawBufferPointer
    private var at = 0
    /// Whether all pieces stood there so far.
    private var holds = true

    init(_ entry: UnsafeRawBufferPointer) { self.entry = entry }

    /// Whether the entry is what was expected, and nothing more.
    var isWhole: Bool { holds && at == entry.count }

    mutating func expect(_ text: StaticString) {
        expect(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func expect(_ text: String) {
        var text = text
        text.withUTF8 { expect(UnsafeRawBufferPointer($0)) }
    }

    mutating func expect(_ bytes: UnsafeRawBufferPointer) {
        guard let piece = next(bytes.count) else { return }
        if !piece.equals(bytes) { holds = false }
    }

    /// The content of a string. One that would have to be escaped never stands in an entry: `dripline.append` takes none.
    mutating func expect(text: UnsafeRawBufferPointer) {
        expect(text)
        for byte in text where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { holds = false }
    }

    mutating func expect(hex bytes: UnsafeRawBufferPointer) {
        guard let piece = next(2 * bytes.count) else { return }
        var differences: UInt8 = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            differences |= piece[2 * index] ^ Self.letter(byte >> 4)
            differences |= piece[2 * index + 1] ^ Self.letter(byte & 15)
        }
        if differences != 0 { holds = false }
    }

    /// The 16 bytes of a UUID, in the form of RFC 9562.
    mutating func expect(uuid bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else {
            holds = false
            return
        }
        expect(hex: UnsafeRawBufferPointer(rebasing: bytes[0..<4]))
        expect("-")
        expect(hex: UnsafeRawBufferPointer(rebasing: bytes[4..<6]))
        expect("-")
        expect(hex: UnsafeRawBufferPointer(rebasing: bytes[6..<8]))
        expect("-")
        expect(hex: UnsafeRawBufferPointer(rebasing: bytes[8..<10]))
        expect("-")
        expect(hex: UnsafeRawBufferPointer(rebasing: bytes[10..<16]))
    }

    mutating func expect(_ number: Int64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { buffer in
            var start = buffer.count
            var rest = number.magnitude
            repeat {
                start -= 1
                buffer[start] = Self.letter(UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            if number < 0 {
                start -= 1
                buffer[start] = UInt8(ascii: "-")
            }
            expect(UnsafeRawBufferPointer(rebasing: buffer[start...]))
        }
    }

    /// The times of the years 1 to 9999; another (the database's infinities) was never appended, and stands in no entry.
    private static let writable = Int64(-62_135_596_800_000_000)..<253_402_300_800_000_000
    private static let day: Int64 = 86_400_000_000

    /// `2026-11-22T15:30:00.000000Z`.
    mutating func expect(time microseconds: Int64) {
        guard Self.writable.contains(microseconds), let piece = next(27) else {
            holds = false
            return
        }
        var (days, rest) = microseconds.quotientAndRemainder(dividingBy: Self.day)
        if rest < 0 { (days, rest) = (days - 1, rest + Self.day) }
        let (year, month, date) = CalendarDate(dayNumber: days).components
        let seconds = Int(rest / 1_000_000)
        let fraction = Int(rest % 1_000_000)
        holds =
            Self.digits(year, 4, piece, 0) && piece[4] == UInt8(ascii: "-") && Self.digits(month, 2, piece, 5)
            && piece[7] == UInt8(ascii: "-") && Self.digits(date, 2, piece, 8) && piece[10] == UInt8(ascii: "T")
            && Self.digits(seconds / 3600, 2, piece, 11) && piece[13] == UInt8(ascii: ":") && Self.digits(seconds / 60 % 60, 2, piece, 14)
            && piece[16] == UInt8(ascii: ":") && Self.digits(seconds % 60, 2, piece, 17) && piece[19] == UInt8(ascii: ".")
            && Self.digits(fraction, 6, piece, 20) && piece[26] == UInt8(ascii: "Z")
    }

    /// Whether `count` digits of `piece` from `start` spell the number.
    private static func digits(_ number: Int, _ count: Int, _ piece: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        var rest = number
        for index in stride(from: start + count - 1, through: start, by: -1) {
            guard piece[index] == letter(UInt8(truncatingIfNeeded: rest % 10)) else { return false }
            rest /= 10
        }
        return rest == 0
    }

    private mutating func next(_ count: Int) -> UnsafeRawBufferPointer? {
        guard holds, count <= entry.count - at else {
            holds = false
            return nil
        }
        defer { at += count }
        return UnsafeRawBufferPointer(rebasing: entry[at..<at + count])
    }

    private static func letter(_ digit: UInt8) -> UInt8 { digit < 10 ? digit + UInt8(ascii: "0") : digit + (UInt8(ascii: "a") - 10) }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes.
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count, let here = baseAddress, let there = other.baseAddress else { return count == other.count }
        return memcmp(here, there, count) == 0
    }
}

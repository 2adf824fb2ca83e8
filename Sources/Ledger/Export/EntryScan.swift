import Canonical
import Foundation

/// The parts of an entry where they lie in its bytes, found without making a value of each.
///
/// It takes what `LogEntry` takes, but for entries with escapes or letters beyond ASCII, of which it makes nothing and which are left to `LogEntry`.
struct EntryScan {
    let log: LogName.Kind
    let clinic: Range<Int>
    let actor: Range<Int>
    let stream: Range<Int>
    let subject: Range<Int>?
    let type: Range<Int>
    let gate: Range<Int>?
    let event: UUID
    let command: UUID
    let position: Int64
    let version: Int64
    let payloadVersion: Int64
    let occurredAt: Int64
    let recordedAt: Int64
    let chartedAt: Int64?
    /// Hexadecimal digits, an even number of them.
    let payloadDigest: Range<Int>
    let overrideDigest: Range<Int>?

    init?(_ bytes: UnsafeRawBufferPointer) {
        var scanner = Scanner(bytes: bytes)
        guard scanner.skip(#"{"actor":""#), let actor = scanner.text() else { return nil }
        var chartedAt: Int64?
        if scanner.skip(#","charted_at":""#) {
            guard let time = scanner.time() else { return nil }
            chartedAt = time
        }
        guard scanner.skip(#","clinic":""#), let clinic = scanner.clinic(), scanner.skip(#","command":""#), let command = scanner.uuid(),
            scanner.skip(#","event":""#), let event = scanner.uuid(), scanner.skip(#","log":""#), let log = scanner.kind(),
            scanner.skip(#","occurred_at":""#), let occurredAt = scanner.time()
        else { return nil }
        var (gate, overrideDigest): (Range<Int>?, Range<Int>?)
        if scanner.skip(#","override":{"gate":""#) {
            guard let text = scanner.text(), scanner.skip(#","reason_digest":""#), let digest = scanner.hex(), scanner.skip("}") else {
                return nil
            }
            (gate, overrideDigest) = (text, digest)
        }
        guard scanner.skip(#","payload_digest":""#), let payloadDigest = scanner.hex(), scanner.skip(#","position":"#),
            let position = scanner.number(), scanner.skip(#","recorded_at":""#), let recordedAt = scanner.time(),
            scanner.skip(#","stream":""#), let stream = scanner.text()
        else { return nil }
        var subject: Range<Int>?
        if scanner.skip(#","subject":""#) {
            guard let text = scanner.text() else { return nil }
            subject = text
        }
        guard scanner.skip(#","type":""#), let type = scanner.text(), scanner.skip(#","v":"#), let payloadVersion = scanner.number(),
            scanner.skip(#","version":"#), let version = scanner.number(), scanner.skip("}"), scanner.isAtEnd
        else { return nil }
        self.log = log
        self.clinic = clinic
        self.actor = actor
        self.stream = stream
        self.subject = subject
        self.type = type
        self.gate = gate
        self.event = event
        self.command = command
        self.position = position
        self.version = version
        self.payloadVersion = payloadVersion
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.chartedAt = chartedAt
        self.payloadDigest = payloadDigest
        self.overrideDigest = overrideDigest
    }

    /// Each part's reader leaves the place behind its closing quote.
    private struct Scanner {
        let bytes: UnsafeRawBufferPointer
        private var at = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var isAtEnd: Bool { at == bytes.count }

        mutating func skip(_ text: StaticString) -> Bool {
            let count = text.utf8CodeUnitCount
            guard bytes.count - at >= count,
                UnsafeRawBufferPointer(rebasing: bytes[at..<at + count]).equals(.init(start: text.utf8Start, count: count))
            else { return false }
            at += count
            return true
        }

        /// A string of plain ASCII.
        mutating func text() -> Range<Int>? {
            let start = at
            while at < bytes.count {
                let byte = bytes[at]
                if byte == UInt8(ascii: "\"") {
                    defer { at += 1 }
                    return start..<at
                }
                guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
                at += 1
            }
            return nil
        }

        /// As `LogName` takes it.
        mutating func clinic() -> Range<Int>? {
            guard let name = text(), (1...63).contains(name.count), bytes[name.lowerBound] != UInt8(ascii: "-") else { return nil }
            for byte in bytes[name]
            where !(byte == UInt8(ascii: "-") || Self.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)) {
                return nil
            }
            return name
        }

        mutating func kind() -> LogName.Kind? {
            if skip(#"record""#) { return .record }
            return skip(#"access""#) ? .access : nil
        }

        mutating func hex() -> Range<Int>? {
            let start = at
            while at < bytes.count, Self.value(bytes[at]) < 16 { at += 1 }
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\""), (at - start).isMultiple(of: 2) else { return nil }
            defer { at += 1 }
            return start..<at
        }

        /// A string of so many bytes, whatever they are; its reader looks at each of them.
        private mutating func text(count: Int) -> Int? {
            guard bytes.count - at > count, bytes[at + count] == UInt8(ascii: "\"") else { return nil }
            defer { at += count + 1 }
            return at
        }

        mutating func uuid() -> UUID? {
            guard let start = text(count: 36) else { return nil }
            var id = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            var isWhole = true
            withUnsafeMutableBytes(of: &id) { out in
                var (place, values) = (start, UInt8(0))
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        if bytes[place] != UInt8(ascii: "-") { isWhole = false }
                        place += 1
                    }
                    let (high, low) = (Self.value(bytes[place]), Self.value(bytes[place + 1]))
                    values |= high | low
                    out[index] = high << 4 | low & 15
                    place += 2
                }
                if values > 15 { isWhole = false }
            }
            return isWhole ? UUID(uuid: id) : nil
        }

        /// An integer in its only canonical spelling.
        mutating func number() -> Int64? {
            let start = at
            let isNegative = skip("-")
            let first = at
            var value: Int64 = 0
            while at < bytes.count, Self.isDigit(bytes[at]) {
                let (product, over) = value.multipliedReportingOverflow(by: 10)
                let (sum, overSum) = product.subtractingReportingOverflow(Int64(bytes[at] - UInt8(ascii: "0")))
                // Canonical numbers of 16 digits and more may be spelled otherwise: left to the parser.
                guard !over, !overSum, at - start < 15 else { return nil }
                value = sum
                at += 1
            }
            guard at > first, at - first == 1 || bytes[first] != UInt8(ascii: "0"), !(isNegative && value == 0) else { return nil }
            return isNegative ? value : -value
        }

        private static let day: Int64 = 86_400_000_000

        /// `2026-11-22T15:30:00.000000Z` of the years 1 to 9999.
        mutating func time() -> Int64? {
            guard let start = text(count: 27) else { return nil }
            func digits(_ offset: Int, _ count: Int) -> Int? {
                var value = 0
                for index in start + offset..<start + offset + count {
                    guard Self.isDigit(bytes[index]) else { return nil }
                    value = 10 * value + Int(bytes[index] - UInt8(ascii: "0"))
                }
                return value
            }
            func stands(_ character: Unicode.Scalar, _ offset: Int) -> Bool { bytes[start + offset] == UInt8(ascii: character) }
            guard stands("-", 4), stands("-", 7), stands("T", 10), stands(":", 13), stands(":", 16), stands(".", 19), stands("Z", 26),
                let year = digits(0, 4), year >= 1, let month = digits(5, 2), let day = digits(8, 2),
                let date = CalendarDate(year: year, month: month, day: day),
                let hour = digits(11, 2), hour < 24, let minute = digits(14, 2), minute < 60, let second = digits(17, 2), second < 60,
                let fraction = digits(20, 6)
            else { return nil }
            return date.dayNumber * Self.day + Int64(3600 * hour + 60 * minute + second) * 1_000_000 + Int64(fraction)
        }

        private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

        /// Of a lower-case hexadecimal digit; more than 15 for anything else.
        private static func value(_ byte: UInt8) -> UInt8 {
            let (digit, letter) = (byte &- UInt8(ascii: "0"), byte &- UInt8(ascii: "a"))
            return digit < 10 ? digit : letter < 6 ? letter + 10 : 16
        }
    }
}

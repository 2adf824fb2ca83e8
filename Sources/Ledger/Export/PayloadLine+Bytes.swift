import Canonical

extension PayloadLine {
    /// Reads a record from the bytes of its two lines and lends its parts: what `record(position:entry:line:)` makes, without making it for most lines.
    static func withRecord<T>(
        position: Int64, entry: UnsafeRawBufferPointer, line: UnsafeRawBufferPointer?, _ body: (RecordBytes) throws -> T
    ) rethrows -> T {
        guard let line, let place = Place(line, position: position) else {
            let text = line.map { String(decoding: $0, as: UTF8.self) }
            let record = record(position: position, entry: "", line: text)
            // The entry as it lies in the file, not as a string would have it.
            return try record.withBytes { parts in
                try body(
                    RecordBytes(
                        position: position, entry: entry, payload: parts.payload, salt: parts.salt, reason: parts.reason,
                        contradictions: parts.contradictions))
            }
        }
        return try withUnsafeBytes(of: place.salt) { salt in
            try body(RecordBytes(position: position, entry: entry, payload: line[part: place.payload], salt: salt, reason: nil))
        }
    }

    /// Reads the records of a stretch from the lines of both files, which begin at the same number.
    /// - Parameter first: the position of the first.
    static func withRecords(first: Int64, entries: LinePage, payloads: LinePage, _ body: (RecordBytes) throws -> Void) rethrows {
        try entries.withLines { entry in
            try payloads.withLines { payload in
                for line in 0..<entries.count {
                    try withRecord(
                        position: first + Int64(line), entry: entry(line), line: line < payloads.count ? payload(line) : nil, body)
                }
            }
        }
    }

    /// The parts of a line as most are: a salt of 32 bytes, no overridden gate, nothing erased.
    private struct Place {
        private(set) var salt: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let payload: Range<Int>

        init?(_ line: UnsafeRawBufferPointer, position: Int64) {
            // The digits of the number, then 64 of the salt.
            let start = Self.head.utf8CodeUnitCount
            guard line.count > start, line[part: 0..<start].equals(.init(start: Self.head.utf8Start, count: start)),
                let end = line[start...].firstIndex(of: UInt8(ascii: ","))
            else { return nil }
            var number = EntryMatch(line[part: start..<end])
            number.expect(position)
            let digits = end + Self.beforeSalt.utf8CodeUnitCount
            let tail = digits + 64
            let first = tail + Self.beforePayload.utf8CodeUnitCount
            guard number.isWhole, line.count > first, line.last == UInt8(ascii: "}"),
                line[part: end..<digits].equals(.init(start: Self.beforeSalt.utf8Start, count: digits - end)),
                line[part: tail..<first].equals(.init(start: Self.beforePayload.utf8Start, count: first - tail)),
                withUnsafeMutableBytes(of: &salt, { Hex.decode(line[part: digits..<tail], into: $0) })
            else { return nil }
            payload = first..<line.count - 1
        }

        private static let head: StaticString = #"{"position":"#
        private static let beforeSalt: StaticString = #","salt":""#
        private static let beforePayload: StaticString = #"","payload":"#
    }
}

/// The members of a JSON object that is written canonically, in their order: read in one pass, without a table of keys.
///
/// It reads what the log holds of nearly every event. What is written in another way, or not JSON at all, it leaves to `JSON.parse`, which knows all
/// forms and every error.
public struct PlainMembers: Sendable {
    public struct Member: Sendable {
        /// Plain ASCII.
        let key: Range<Int>
        public let value: JSON
    }

    private let text: String
    public private(set) var members: [Member] = []

    public var count: Int { members.count }

    /// The value of `key`; nil where there is none.
    public subscript(key: String) -> JSON? {
        var (key, text) = (key, text)
        return key.withUTF8 { key in
            text.withUTF8 { text in
                for member in members where member.key.count == key.count {
                    if key.elementsEqual(text[member.key]) { return member.value }
                }
                return nil
            }
        }
    }

    /// Nil where `text` is not one object without white space, whose keys are plain ASCII in canonical order.
    public init?(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
        members.reserveCapacity(16)
        let isPlain = text.withUTF8 { bytes in
            var scanner = PlainScanner(bytes)
            return scanner.object(into: &members)
        }
        guard isPlain else { return nil }
    }
}

/// Goes along the bytes of a text; every method answers false or nil where something else stands there than it reads.
private struct PlainScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// 0, which stands nowhere in what is read here, at the end.
    private var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }

    mutating func object(into members: inout [PlainMembers.Member]) -> Bool {
        guard take("{") else { return false }
        if take("}") { return at == bytes.count }
        while true {
            guard let key = key(), members.last.map({ isAscending($0.key, key) }) ?? true, take(":"), let value = value() else {
                return false
            }
            members.append(PlainMembers.Member(key: key, value: value))
            if take(",") { continue }
            return take("}") && at == bytes.count
        }
    }

    /// Ascending keys are distinct keys.
    private func isAscending(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        bytes[left].lexicographicallyPrecedes(bytes[right])
    }

    private mutating func key() -> Range<Int>? {
        guard take("\"") else { return nil }
        let start = at
        while next > 0x20, next < 0x7F, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { at += 1 }
        let end = at
        return take("\"") ? start..<end : nil
    }

    private mutating func value() -> JSON? {
        switch next {
        case UInt8(ascii: "\""): string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number()
        default: general()
        }
    }

    private mutating func string() -> JSON? {
        let start = at + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"), bytes[end] >= 0x20 { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return general() }
        at = end + 1
        // A part of a string between two of its ASCII characters is well-formed.
        return .string(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
    }

    private mutating func number() -> JSON? {
        var end = at
        func digits() -> Bool {
            let start = end
            while end < bytes.count, bytes[end] >= UInt8(ascii: "0"), bytes[end] <= UInt8(ascii: "9") { end += 1 }
            return end > start
        }
        if bytes[end] == UInt8(ascii: "-") { end += 1 }
        guard end < bytes.count else { return nil }
        if bytes[end] == UInt8(ascii: "0") { end += 1 } else if !digits() { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            guard digits() else { return nil }
        }
        // What is longer or has an exponent may be infinite.
        guard end < bytes.count, bytes[end] | 0x20 != UInt8(ascii: "e"), end - at <= 15 else { return general() }
        let literal = String(decoding: UnsafeBufferPointer(rebasing: bytes[at..<end]), as: UTF8.self)
        at = end
        return .number(JSONNumber(literal: literal))
    }

    /// Any other value: rare enough to be copied for the parser that knows them all.
    private mutating func general() -> JSON? {
        var parser = JSONParser(bytes: Array(bytes))
        parser.at = at
        parser.depth = 1
        guard let value = try? parser.value() else { return nil }
        at = parser.at
        return value
    }
}

import Canonical
import Testing

@Suite("JSON as it is read")
struct JSONParserTests {
    @Test(
        "valid texts",
        arguments: [
            ("null", JSON.null), ("true", true), ("false", false), ("0", 0), (" \t\r\n-12 ", -12), (#""""#, ""), ("[]", []), ("{}", [:]),
            ("[ 1 , [ ] , { } ]", [1, [], [:]]), (#"{"a":{"b":[null]}}"#, ["a": ["b": [.null]]]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000\u001F\u007f""#, "\u{0}\u{1F}\u{7F}"),
            (#""\uD83D\ude00\u20AC""#, "😀€"), ("\"😀€\u{7F}\u{FFFF}\"", "😀€\u{7F}\u{FFFF}"), (#"{"":1,"a":2}"#, ["": 1, "a": 2]),
        ] as [(String, JSON)])
    func accepted(text: String, value: JSON) throws {
        #expect(try JSON.parse(text) == value)
    }

    @Test(
        "numbers keep the form that was written",
        arguments: [
            "0", "-0", "7", "10", "24.50", "0.001", "-1.0e+2", "1E5", "9007199254740993", "123456789012345678901234567890", "1e308",
            "1e-999",
        ])
    func numbersAsWritten(literal: String) throws {
        guard case .number(let number) = try JSON.parse(literal) else {
            Issue.record("\(literal) is no number")
            return
        }
        #expect(number.literal == literal)
    }

    @Test(
        "refused, with the byte and the reason",
        arguments: [
            ("", 0, "ends"), (" ", 1, "ends"), ("nul", 0, "null"), ("True", 0, "cannot start"), ("nulll", 4, "more text"),
            ("1 2", 2, "more text"),
            ("{} ,", 3, "more text"), ("[1,]", 3, "cannot start"), ("[1 2]", 3, "','"), ("[1", 2, "','"), ("[", 1, "ends"),
            ("]", 0, "cannot start"),
            ("{", 1, "key"), ("{a:1}", 1, "key"), (#"{"a"}"#, 4, "':'"), (#"{"a":}"#, 5, "cannot start"), (#"{"a":1,}"#, 7, "key"),
            (#"{"a":1 "b":2}"#, 7, "','"), (#"{1:2}"#, 1, "key"), ("'a'", 0, "cannot start"), ("/*x*/1", 0, "cannot start"),
            ("\u{FEFF}1", 0, "cannot start"),
            ("\u{A0}1", 0, "cannot start"), ("NaN", 0, "cannot start"), ("Infinity", 0, "cannot start"), ("\u{0}", 0, "cannot start"),
            ("1\u{0}", 1, "more text"),
        ])
    func refused(text: String, offset: Int, reason: String) {
        expectRefusal(Array(text.utf8), offset: offset, reason: reason)
    }

    @Test(
        "refused numbers",
        arguments: [
            ("01", 1, "more text"), ("-", 1, "digit"), ("-a", 1, "digit"), ("+1", 0, "cannot start"), (".5", 0, "cannot start"),
            ("1.", 2, "after the point"),
            ("1.e5", 2, "after the point"), ("1e", 2, "exponent"), ("1e+", 3, "exponent"), ("1e5.0", 3, "more text"),
            ("0x10", 1, "more text"),
            ("1_000", 1, "more text"), ("1e400", 0, "too large"), ("[-1E+309]", 1, "too large"), ("00", 1, "more text"),
            ("-01", 2, "more text"),
            ("1٠", 1, "more text"), (String(repeating: "9", count: 400), 0, "too large"), ("1.7976931348623159e308", 0, "too large"),
        ])
    func refusedNumber(text: String, offset: Int, reason: String) {
        expectRefusal(Array(text.utf8), offset: offset, reason: reason)
    }

    @Test(
        "refused strings",
        arguments: [
            (#"""#, 1, "ends inside a string"), (#""a"#, 2, "ends inside a string"), (#""\"#, 2, "ends inside an escape"),
            (#""\x""#, 2, "no such escape"),
            (#""\u12""#, 5, "hexadecimal"), (#""\u12G4""#, 5, "hexadecimal"), (#""\u+123""#, 3, "hexadecimal"),
            (#""\uD800""#, 7, "surrogate"),
            (#""\uDC00""#, 7, "surrogate"), (#""\uD800x""#, 7, "surrogate"), (#""\uD800\n""#, 7, "surrogate"),
            (#""\uD800\u0041""#, 13, "surrogate"),
            (#""\uD800\uD800""#, 13, "surrogate"), (#""\uDC00\uD800""#, 7, "surrogate"), ("\"a\nb\"", 2, "control"),
            ("\"\u{0}\"", 1, "control"),
            ("\"\u{1F}\"", 1, "control"), ("\"\\n\t\"", 3, "control"), (#"{"a\uDFFF":1}"#, 9, "surrogate"),
        ])
    func refusedString(text: String, offset: Int, reason: String) {
        expectRefusal(Array(text.utf8), offset: offset, reason: reason)
    }

    @Test(
        "ill-formed UTF-8 is refused, not repaired",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFF], [0xFE],
        ] as [[UInt8]])
    func illFormed(bytes: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        expectRefusal(quote + bytes + quote, offset: 1, reason: "UTF-8")
        // The same on the path of strings with escapes.
        expectRefusal(quote + Array(#"\n"#.utf8) + bytes + quote, offset: 1, reason: "UTF-8")
        expectRefusal(Array("{\"".utf8) + bytes + Array("\":1}".utf8), offset: 2, reason: "UTF-8")
        expectRefusal(bytes, offset: 0, reason: "cannot start")
    }

    @Test(
        "a key that stands twice is refused",
        arguments: [
            (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"\u0061":3}"#, 13), (#"{"x":{"a":1,"a":2}}"#, 12), (#"{"":1,"":2}"#, 6),
            // One letter written in two ways, which people cannot tell apart and Swift's strings hold equal.
            ("{\"\u{E9}\":1,\"e\u{301}\":2}", 8),
        ])
    func duplicateKey(text: String, offset: Int) {
        expectRefusal(Array(text.utf8), offset: offset, reason: "twice")
    }

    @Test("the same key may stand in different objects")
    func keyInTwoObjects() throws {
        #expect(try JSON.parse(#"[{"a":1},{"a":{"a":2}}]"#) == [["a": 1], ["a": ["a": 2]]])
    }

    @Test("nesting is read to its limit and no deeper", arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func depth(open: String, close: String) throws {
        let levels = open.filter { "[{".contains($0) }.count
        func nested(_ times: Int) -> String { String(repeating: open, count: times) + "1" + String(repeating: close, count: times) }
        let limit = JSON.maximumDepth / levels
        #expect(try JSON.parse(nested(limit)).canonical == nested(limit))
        #expect(throws: JSONError.self) { try JSON.parse(nested(limit + 1)) }
        // Deep enough to overflow the stack, were there no limit.
        expectRefusal(Array(String(repeating: open, count: 200_000).utf8), offset: limit * open.utf8.count, reason: "deeper than 64")
    }

    @Test("siblings do not add up to depth")
    func breadth() throws {
        let text = "[" + Array(repeating: "[{}]", count: 500).joined(separator: ",") + "]"
        #expect(try JSON.parse(text).elements?.count == 500)
    }

    @Test("any sequence of bytes is read, not only an array")
    func sequences() throws {
        #expect(try JSON.parse("[1]".utf8) == [1])
        #expect(try JSON.parse(Array("x[1]x".utf8)[1..<4]) == [1])
        #expect(try JSON.parse("x[1]x".dropFirst().dropLast().utf8) == [1])
    }

    @Test("an error says where and why, and nothing of the content")
    func description() {
        let error = #expect(throws: JSONError.self) { try JSON.parse(#"{"name":"Juniper" "x":1}"#) }
        #expect(error?.description == "not valid JSON at byte 18: expected ',' or '}'")
    }

    private func expectRefusal(
        _ bytes: [UInt8], offset: Int, reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do throws(JSONError) {
            _ = try JSON.parse(bytes)
            Issue.record("it was accepted", sourceLocation: sourceLocation)
        } catch {
            #expect(error.offset == offset, sourceLocation: sourceLocation)
            #expect(error.reason.contains(reason), "\(error.reason)", sourceLocation: sourceLocation)
        }
    }
}

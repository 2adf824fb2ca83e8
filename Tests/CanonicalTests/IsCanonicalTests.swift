import Canonical
import Testing

/// The check that makes no value says what parsing and writing again says, on everything.
@Suite("Is it canonical?")
struct IsCanonicalTests {
    private static func expected(_ bytes: [UInt8]) -> Bool { (try? JSON.parse(bytes))?.canonicalBytes == bytes }

    private func agrees(_ bytes: [UInt8]) {
        let answer = bytes.withUnsafeBytes { JSON.isCanonical($0) }
        #expect(answer == Self.expected(bytes), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }

    @Test(
        "texts that are",
        arguments: [
            "null", "true", "false", "0", "-1", "1.5", "-0.000001", "1e-7", "1e+21", "100000000000000000000", "\"\"", "{}", "[]", "[[],{}]",
            #"{"":0}"#, #"{"":0,"a":1}"#, #"{"a":1,"aa":2,"b":[1,2,{"c":null}]}"#, #""\"\\\b\t\n\f\r\u0000\u000b\u000e\u001f""#,
            "\"\u{7F}é€😀\u{10FFFF}\"", #"{"é":1,"ö":2}"#, #"{"\n":1,"a":2}"#, "{\"\u{1F600}\":1,\"\u{FB33}\":2}", "5e-324",
            "123456789012345680000",
        ])
    func canonical(_ text: String) {
        #expect(JSON.isCanonical(text))
        agrees(Array(text.utf8))
    }

    @Test(
        "texts that are not",
        arguments: [
            "", " ", " null", "null ", "nul", "nulll", "-", "-0", "-0.0", "00", "01", "1.", ".5", "1.0", "1.50", "1e2", "1E2", "0.0000001",
            "1e400", "1e",
            "1e21", "123456789012345678901", "\"", "\"\\", "\"\\u", #""\/""#, #""\u000a""#, #""\u000B""#, #""\u0041""#, #""\u002f""#,
            #""\u001F""#,
            #""\ud83d\ude00""#, #""\ud83d""#, "\"\n\"", "{", "[", "[1,]", "[,1]", "[1 ,2]", #"{"a" :1}"#, #"{"a": 1}"#, #"{"a":1,}"#,
            #"{"a":1"#,
            #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, #"{"aa":1,"a":2}"#, #"{a:1}"#, #"{"a"1}"#, #"{"\u0061":1}"#, #"{"a":1}}"#, #"{"a":1}x"#,
            "{\"\u{FB33}\":1,\"\u{1F600}\":2}",
            // One key to Unicode, spelled in two ways.
            "{\"e\u{301}\":1,\"\u{E9}\":2}",
        ])
    func notCanonical(_ text: String) {
        #expect(!JSON.isCanonical(text))
        agrees(Array(text.utf8))
    }

    @Test("bytes that are no UTF-8")
    func illFormed() {
        let sequences: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xFF], [0x00], [0x1F], [0xE2, 0x82, 0xAC], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xF0, 0x90, 0x80, 0x80],
            [0xF4, 0x8F, 0xBF, 0xBF],
        ]
        for sequence in sequences {
            agrees([0x22] + sequence + [0x22])
            agrees([0x22] + sequence)
            agrees([0x7B, 0x22] + sequence + Array(#"":1}"#.utf8))
        }
    }

    @Test("nesting up to the limit and one more")
    func nesting() {
        for depth in JSON.maximumDepth - 1...JSON.maximumDepth + 1 {
            agrees(Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8))
            agrees(Array((String(repeating: #"{"a":"#, count: depth) + "0" + String(repeating: "}", count: depth)).utf8))
        }
    }

    @Test(
        "random values, canonical, as written, and with a byte changed, lost, added or the rest cut off", arguments: 0..<8 as Range<UInt64>)
    func randomTexts(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<500 {
            let text = random.text()
            agrees(Array(text.utf8))
            var bytes = try JSON.parse(text).canonicalBytes
            #expect(bytes.withUnsafeBytes { JSON.isCanonical($0) }, "\(text)")
            for _ in 0..<Int.random(in: 1...3, using: &random.generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random.generator)
                switch Int.random(in: 0..<5, using: &random.generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random.generator)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random.generator)
                case 2: bytes.remove(at: index)
                case 3: bytes.insert(random.generator.pick(Array(#"{}[]",:\0-e1."#.utf8)), at: index)
                default: bytes.removeSubrange(index...)
                }
                agrees(bytes)
            }
        }
    }

    @Test("tokens at random", arguments: 8..<12 as Range<UInt64>)
    func randomTokens(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\"", "\"é\"", "\\n", "\\u001", "0", "-", "1", ".5", "e-7", "true", "null",
            " ",
        ].map {
            Array($0.utf8)
        }
        for _ in 0..<5000 { agrees((0..<Int.random(in: 1...12, using: &generator)).flatMap { _ in generator.pick(tokens) }) }
    }
}

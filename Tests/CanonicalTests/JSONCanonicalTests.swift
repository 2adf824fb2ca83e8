import Canonical
import Testing

/// RFC 8785, JSON Canonicalization Scheme.
@Suite("The canonical form")
struct JSONCanonicalTests {
    /// Appendix B, without the two rows for NaN and infinity, which no JSON text can spell.
    static let numbers: [(bits: UInt64, text: String)] = [
        (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
        (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
        (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
        (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
        (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
        (0x3EB0_C6F7_A0B5_ED8D, "0.000001"), (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
        (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
        (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
        (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ]

    @Test("numbers of RFC 8785, appendix B", arguments: numbers)
    func appendixB(bits: UInt64, text: String) throws {
        let value = Double(bitPattern: bits)
        #expect(try JSON.parse(value.description).canonical == text)
        #expect(try JSON.parse(text).canonical == text)
    }

    @Test(
        "numbers in other spellings",
        arguments: [
            ("-0", "0"), ("0.0", "0"), ("-0e5", "0"), ("1.0", "1"), ("24.50", "24.5"), ("1e2", "100"), ("1E+2", "100"), ("100e-2", "1"),
            ("0.1e1", "1"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"), ("123e19", "1.23e+21"), ("1e-6", "0.000001"),
            ("1e-7", "1e-7"),
            ("9007199254740993", "9007199254740992"), ("0.30000000000000004", "0.30000000000000004"),
            ("123456789012345", "123456789012345"),
            ("-999999999999999", "-999999999999999"), ("9223372036854775807", "9223372036854776000"), ("1e-999", "0"), ("-1e-999", "0"),
            ("2e-324", "0"), ("3e-324", "5e-324"), ("4.9406564584124654e-324", "5e-324"), ("0.000001234", "0.000001234"),
            ("1.7976931348623158e308", "1.7976931348623157e+308"),
        ])
    func spellings(text: String, expected: String) throws {
        #expect(try JSON.parse(text).canonical == expected)
    }

    @Test("the example of section 3.2.2, to the byte as in 3.2.4")
    func example() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c"
            + "31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
        #expect(Hex.encode(try JSON.parse(text).canonicalBytes) == expected)
    }

    @Test("keys are sorted by UTF-16, the example of section 3.2.3")
    func keyOrder() throws {
        let text = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let expected =
            #"{"\r":"Carriage Return","1":"One","\#u{80}":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","#
            + #""😀":"Emoji: Grinning Face","\#u{FB33}":"Hebrew Letter Dalet With Dagesh"}"#
        #expect(try JSON.parse(text).canonical == expected)
    }

    @Test("the order of keys is that of their UTF-16 units, for every pair of odd keys")
    func everyPair() {
        // U+E000 and U+FFFF sort after all astral characters in UTF-16, before them in UTF-8.
        let keys = [
            "", "a", "aa", "a\u{0}", "b", "A", "0", "10", "9", "\u{0}", "\u{1F}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}",
            "\u{E000}",
            "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "a\u{10000}", "a\u{E000}", "\u{10000}a", "\u{10000}\u{E000}", "\u{10000}\u{10001}", "é",
            "z",
        ]
        for left in keys {
            for right in keys where left != right {
                let (first, second) = left.utf16.lexicographicallyPrecedes(right.utf16) ? (left, right) : (right, left)
                let expected = "{\(JSON.string(first).canonical):null,\(JSON.string(second).canonical):null}"
                #expect(JSON.object([left: .null, right: .null]).canonical == expected)
            }
        }
    }

    @Test("of strings only quotes, backslashes and control characters are escaped, each in its one form")
    func escapes() {
        for value in 0...0x1F as ClosedRange<UInt32> {
            let short: [UInt32: String] = [8: #"\b"#, 9: #"\t"#, 10: #"\n"#, 12: #"\f"#, 13: #"\r"#]
            let expected = short[value] ?? #"\u00"# + (value < 16 ? "0" : "") + String(value, radix: 16)
            let text = Unicode.Scalar(value).map { "a" + String($0) + "b" } ?? ""
            #expect(JSON.string(text).canonical == "\"a\(expected)b\"")
        }
        #expect(JSON.string(#""\/"#).canonical == #""\"\\/""#)
        #expect(JSON.string("\u{7F}\u{80}\u{2028}\u{FFFF}é😀").canonical == "\"\u{7F}\u{80}\u{2028}\u{FFFF}é😀\"")
        // Nothing is normalised: é in one scalar and in two stay what they were.
        #expect(Array(JSON.string("e\u{301}").canonical.utf8) == [0x22, 0x65, 0xCC, 0x81, 0x22])
        #expect(Array(JSON.string("\u{E9}").canonical.utf8) == [0x22, 0xC3, 0xA9, 0x22])
    }

    @Test("text and bytes agree, and empty things are short")
    func shapes() {
        let value: JSON = ["b": [], "a": [:], "c": [.null, true, false, "", 0, [[], [1]]]]
        #expect(value.canonical == #"{"a":{},"b":[],"c":[null,true,false,"",0,[[],[1]]]}"#)
        #expect(Array(value.canonical.utf8) == value.canonicalBytes)
    }
}

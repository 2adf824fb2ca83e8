import Testing

@testable import Projections

@Suite struct CSVTests {
    private func line(_ fields: String?..., isText: Bool = true) -> String { CSV.line(fields.map { ($0, isText) }) }

    @Test func quotesWhatRFC4180Says() {
        #expect(line("a", "b c", "é") == "a,b c,é")
        #expect(line("a,b", "say \"no\"", "two\nlines", "two\r\nlines") == "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"two\r\nlines\"")
        #expect(line(nil, "", nil) == ",\"\",", "nothing and an empty text differ")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"]) func textThatCouldBeAFormulaIsMadeText(text: String) {
        #expect(line(text) == "'" + text)
        #expect(line(text, isText: false) == text, "a number below zero is none")
    }

    @Test func aFormulaThatNeedsQuotesGetsBoth() {
        #expect(line("=HYPERLINK(\"http://x\",1)") == "\"'=HYPERLINK(\"\"http://x\"\",1)\"")
        #expect(line("\r=1") == "\"'\r=1\"")
        #expect(line("a=1", "1-2") == "a=1,1-2")
    }
}

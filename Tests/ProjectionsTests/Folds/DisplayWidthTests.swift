import Clinic
import Testing

@testable import Projections

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("Moor, Ana", 9), ("Śliwińska", 9), ("S\u{301}liwin\u{301}ska", 9), ("日本語", 6), ("ｱｲ", 2), ("Ａ", 2), ("한국", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("👩‍⚕️", 2), ("🙂", 2), ("❤️", 2), ("✓✗·–│", 5), ("नि", 1), ("a\u{200B}b", 2),
    ])
    func isWhatATerminalTakes(_ text: String, _ width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func whatSteersATerminalIsShownAsReplaced() {
        #expect("a\u{1B}[2Jb".printable == "a\u{FFFD}[2Jb")
        #expect("\u{202E}evil\u{2066}".printable == "\u{FFFD}evil\u{FFFD}")
        #expect("a\r\u{9B}b\u{7F}".printable == "a\u{FFFD}\u{FFFD}b\u{FFFD}")
        #expect("tab\tand\nline".printable == "tab and\nline")
        #expect("Ünïcode 日本".printable == "Ünïcode 日本")
    }

    @Test func paddingCountsColumns() {
        #expect("日本".padded(to: 6, .left) == "日本  ")
        #expect("日本".padded(to: 6, .right) == "  日本")
        #expect("too long".padded(to: 3, .left) == "too long")
    }
}

@Suite struct ParagraphTests {
    @Test func breaksAtSpaces() {
        #expect(Paragraph.lines("one two three four", width: 9) == ["one two", "three", "four"])
        #expect(Paragraph.lines("exactly9! x", width: 9) == ["exactly9!", "x"])
        #expect(Paragraph.lines("", width: 9) == [""])
    }

    @Test func keepsNewlines() {
        #expect(Paragraph.lines("one\n\ntwo", width: 20) == ["one", "", "two"])
    }

    @Test func breaksWhatDoesNotFitByItself() {
        #expect(Paragraph.lines("a 0123456789abc z", width: 8) == ["a", "01234567", "89abc z"])
        #expect(Paragraph.lines("日本語日本語", width: 8) == ["日本語日", "本語"])
    }
}

@Suite struct TextTableTests {
    @Test func alignsByColumnsOfTheTerminal() {
        var table = TextTable([.init("name"), .init("n", .right), .init("")])
        table.add([.init("日本"), .init("7"), .init("x")])
        table.add([.init("Ana"), .init("12"), .init("")])
        #expect(table.lines(width: 40, .plain) == ["name   n", "日本   7  x", "Ana   12"])
    }

    @Test func theLastColumnWrapsInItsPlace() {
        var table = TextTable([.init("t"), .init("events")])
        table.add([.init("09:30"), .init("one two three four")])
        #expect(table.lines(width: 19, .plain) == ["t      events", "09:30  one two", "       three four"])
    }

    @Test func colourChangesNoColumn() {
        var table = TextTable([.init("a"), .init("b")])
        table.add([.init("x", .bad), .init("y", .good)])
        let coloured = table.lines(width: 40, .ansi).map { line in line.replacing(#/\u{1B}\[[0-9]+m/#, with: "") }
        #expect(coloured == table.lines(width: 40, .plain))
        #expect(table.lines(width: 40, .ansi)[1] == "\u{1B}[31mx\u{1B}[0m  \u{1B}[32my\u{1B}[0m")
    }
}

@Suite struct WordsTests {
    @Test(
        arguments: [
            (660_000_000, "11 min"), (320_000_000, "5 min 20 s"), (300_000_001, "5 min 1 s"), (45_000_000, "45 s"), (0, "0 s"),
            (5_400_000_000, "90 min"), (7_200_000_000, "2 h"), (108_720_000_000, "30 h 12 min"), (273_600_000_000, "3 d 4 h"), (-5, "0 s"),
        ] as [(Int64, String)])
    func spansNeverReadShorter(_ microseconds: Int64, _ words: String) {
        #expect(Span.words(microseconds) == words)
    }

    @Test func listsAreCountedPastTheirLength() {
        #expect(Phrase.list([]) == "")
        #expect(Phrase.list(["a"]) == "a")
        #expect(Phrase.list(["a", "b"]) == "a and b")
        #expect(Phrase.list(["a", "b", "c"]) == "a, b and c")
        #expect(Phrase.list(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more")
    }

    @Test func typesHaveWords() {
        let types: [EventType] = [.ivInserted, .infusionStarted, .eventAmended, .vitalsRecorded]
        #expect(types.map(\.words) == ["IV inserted", "infusion started", "event amended", "vitals recorded"])
    }
}

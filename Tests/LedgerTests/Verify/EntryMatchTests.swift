import Canonical
import Foundation
import Testing

@testable import Ledger

/// What is matched piece by piece is what writing it would give, and nothing else.
@Suite struct EntryMatchTests {
    private func matches(_ text: String, _ pieces: (inout EntryMatch) -> Void) -> Bool {
        Array(text.utf8).withUnsafeBytes { bytes in
            var match = EntryMatch(bytes)
            pieces(&match)
            return match.isWhole
        }
    }

    @Test(arguments: [0, 1, 9, 10, 255, 1_000_000, -1, -10, .max, .min] as [Int64])
    func numbers(_ number: Int64) {
        #expect(matches("\(number)") { $0.expect(number) })
        #expect(!matches("\(number)0") { $0.expect(number) })
        #expect(!matches("0\(number)") { $0.expect(number) })
        #expect(!matches(String("\(number)".dropLast())) { $0.expect(number) })
    }

    @Test func times() {
        var generator = SeededGenerator(seed: 1)
        let ends = [-62_135_596_800_000_000, 253_402_300_799_999_999, 0, -1, 1, 951_782_400_000_000] as [Int64]
        for microseconds in ends + (0..<2000).map({ _ in Int64.random(in: ends[0]...ends[1], using: &generator) }) {
            let text = Timestamp(microseconds: microseconds).description
            #expect(matches(text) { $0.expect(time: microseconds) }, "\(text)")
            #expect(!matches(text) { $0.expect(time: microseconds == ends[1] ? 0 : microseconds + 1) }, "\(text)")
        }
        for outside in [ends[0] - 1, ends[1] + 1, .min, .max] as [Int64] {
            #expect(!matches(Timestamp(microseconds: outside).description) { $0.expect(time: outside) })
            #expect(!matches("") { $0.expect(time: outside) })
        }
    }

    @Test func identifiersAndDigests() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            var uuid = UUID()
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            bytes.withUnsafeBytes { bytes in
                uuid = UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
                #expect(matches(uuid.lowercase) { $0.expect(uuid: UnsafeRawBufferPointer(rebasing: bytes[..<16])) })
                #expect(!matches(uuid.uuidString + " ") { $0.expect(uuid: UnsafeRawBufferPointer(rebasing: bytes[..<16])) })
                #expect(matches(Hex.encode(bytes)) { $0.expect(hex: bytes) })
                let other = Hex.encode(bytes.map { $0 ^ 1 })
                #expect(!matches(other) { $0.expect(hex: bytes) })
            }
        }
    }

    @Test(arguments: ["", "nurse.b", "session/1", "é", "\u{7F}"])
    func plainText(_ text: String) {
        Array(text.utf8).withUnsafeBytes { bytes in #expect(matches(text) { $0.expect(text: bytes) }) }
    }

    @Test(arguments: ["\"", "\\", "\n", "a\"b", "\u{1F}"])
    func textThatWouldHaveToBeEscaped(_ text: String) {
        Array(text.utf8).withUnsafeBytes { bytes in #expect(!matches(text) { $0.expect(text: bytes) }) }
    }

    @Test func bytesAreComparedNotCharacters() {
        let (one, two) = ("\u{E9}", "e\u{301}")
        #expect(one == two)
        Array(one.utf8).withUnsafeBytes { bytes in #expect(!matches(two) { $0.expect(text: bytes) }) }
        #expect(!matches(two) { $0.expect(one) })
    }

    @Test func nothingMayBeLeftOver() {
        #expect(matches("{}") { $0.expect("{}" as StaticString) })
        #expect(!matches("{} ") { $0.expect("{}" as StaticString) })
        #expect(!matches("{") { $0.expect("{}" as StaticString) })
        // What does not hold once does not hold again.
        #expect(
            !matches("ab") {
                $0.expect("x" as StaticString)
                $0.expect("ab" as StaticString)
            })
    }
}

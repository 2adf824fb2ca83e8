import Canonical
import Foundation
import Testing

/// Whatever comes in, the parser answers: a value or an error inside the text. A trap would end the whole run.
@Suite("JSON, fuzzed")
struct JSONParserFuzzTests {
    @Test("bytes at random", arguments: 0..<4 as Range<UInt64>)
    func randomBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5000 {
            let count = Int.random(in: 0...40, using: &generator)
            answer((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    @Test("tokens at random, which come further than bytes", arguments: 4..<8 as Range<UInt64>)
    func randomTokens(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\\", "\\u", "\\uD83D", "\\uDE00", "\\ud83d\\ude00", "00", "-", "0", "1", ".", "e",
            "E+", "true", "null", " ",
            "\n", "é", "😀", "\u{0}", "\"k\":", "9999999999999999999",
        ].map { Array($0.utf8) }
        for _ in 0..<5000 {
            answer((0..<Int.random(in: 1...14, using: &generator)).flatMap { _ in generator.pick(tokens) })
        }
    }

    @Test("valid texts with a byte changed, lost, added or the rest cut off", arguments: 8..<12 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<800 {
            var bytes = Array(random.text().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random.generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random.generator)
                switch Int.random(in: 0..<4, using: &random.generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random.generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(random.generator.pick(Array(#"{}[]",:\0-e"#.utf8)), at: index)
                default: bytes.removeSubrange(index...)
                }
            }
            answer(bytes)
        }
    }

    @Test("Foundation reads the same from what is accepted", arguments: 12..<16 as Range<UInt64>)
    func agreesWithFoundation(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<300 {
            let text = random.text()
            let ours = try JSON.parse(text)
            let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            #expect(same(ours, theirs), "\(text)")
        }
    }

    /// Parses; a value must survive its canonical form, an error must lie in the text.
    private func answer(_ bytes: [UInt8]) {
        do throws(JSONError) {
            let value = try JSON.parse(bytes)
            let canonical = value.canonicalBytes
            let again = try JSON.parse(canonical)
            #expect(again.canonicalBytes == canonical, "\(bytes)")
        } catch {
            #expect((0...bytes.count).contains(error.offset), "\(bytes)")
            #expect(!error.reason.isEmpty)
        }
    }

    private func same(_ ours: JSON, _ theirs: Any) -> Bool {
        switch ours {
        case .null: theirs is NSNull
        case .bool(let value): (theirs as? Bool) == value
        // Foundation reads through Decimal and misses the last digits; values are held against rfc8785 and a schoolbook elsewhere.
        case .number: theirs is NSNumber
        case .string(let text): (theirs as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
        case .array(let elements):
            (theirs as? [Any]).map { $0.count == elements.count && zip(elements, $0).allSatisfy(same) } ?? false
        case .object(let members):
            (theirs as? [String: Any]).map { other in
                other.count == members.count && members.allSatisfy { key, value in other[key].map { same(value, $0) } ?? false }
            } ?? false
        }
    }
}

import Canonical
import Foundation
import Testing

/// The writer of documents, held to the canonical form of trees.
@Suite("Writing without a tree")
struct CanonicalWriterTests {
    @Test("values and structure are written as the tree's are")
    func values() {
        var generator = SeededGenerator(seed: 72)
        for _ in 0..<2000 {
            let (id, number) = (UUID(), Int64(truncatingIfNeeded: generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
            let time = Timestamp(microseconds: Int64.random(in: -62_135_596_800_000_000..<253_402_300_800_000_000, using: &generator))
            let text = generator.pick(["", "plain", "é", "\"quoted\"", "back\\slash", "\u{0}\n\u{1F}", "\u{2028}🏥", "/"])
            var writer = CanonicalWriter()
            writer.object { writer in
                writer.key("a")
                writer.uuid(id)
                writer.key("b")
                writer.array(of: [number, -number]) { $0.number($1) }
                writer.key("c")
                writer.array(of: [number, number / 1000, 0]) { $0.number(thousandths: $1) }
                writer.key("d")
                writer.time(time)
                writer.key("e")
                writer.string(text)
                writer.key("f")
                writer.object { _ in }
                writer.key("g")
                writer.array(of: [true, false]) { $0.bool($1) }
                writer.key("h")
                writer.canonical(JSON.object(["z": 1]).canonical)
                writer.key("i")
                writer.json(["y": .string(text)])
            }
            let tree: JSON = [
                "a": .string(id.uuidString.lowercased()), "b": [.number(JSONNumber(number)), .number(JSONNumber(-number))],
                "c": .array([number, number / 1000, 0].map { .number(JSONNumber(thousandths: $0)) }), "d": .string(time.description),
                "e": .string(text), "f": [:], "g": [true, false], "h": ["z": 1], "i": ["y": .string(text)],
            ]
            #expect(writer.text == tree.canonical)
            #expect(writer.value.canonical == tree.canonical)
        }
    }

    @Test("decimals of thousandths are those of the number")
    func decimals() throws {
        var generator = SeededGenerator(seed: 73)
        var all: [Int64] = [0, 1, -1, 10, 100, 999, 1000, 1001, 1010, 1100, -1500, .max, .min]
        for _ in 0..<5000 { all.append(Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0..<64, using: &generator)) }
        for thousandths in all {
            let literal = JSONNumber(thousandths: thousandths).literal
            let parts = literal.split(separator: ".")
            #expect(parts.count == 1 || (parts[1].count <= 3 && parts[1].last != "0"))
            #expect(try JSON.parse(literal) == .number(JSONNumber(thousandths: thousandths)))
            #expect(JSONNumber(thousandths: thousandths).thousandths == thousandths)
        }
    }
}

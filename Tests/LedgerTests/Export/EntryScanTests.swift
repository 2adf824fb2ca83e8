import Canonical
import Foundation
import Testing

@testable import Ledger

/// The scan takes nothing that the parser refuses, and reads the same from what it takes.
@Suite struct EntryScanTests {
    static let whole = """
        {"actor":"dr.a","charted_at":"2026-11-22T15:40:00.000000Z","clinic":"hickory","command":"0198f7a2-0000-7000-8000-000000000001",\
        "event":"68b4af34-c14e-5752-8bae-84f2c042b82b","log":"record","occurred_at":"2026-11-22T15:30:00.000001Z",\
        "override":{"gate":"consent","reason_digest":"00ff"},"payload_digest":"abcd","position":12,"recorded_at":"2026-11-22T15:30:01.500000Z",\
        "stream":"session/00000000-0000-7000-8000-000000000001","subject":"patient/00000000-0000-7000-8000-000000000001",\
        "type":"PatientArrived","v":1,"version":3}
        """
    static let plain = whole.replacing(#","charted_at":"2026-11-22T15:40:00.000000Z""#, with: "")
        .replacing(#""override":{"gate":"consent","reason_digest":"00ff"},"#, with: "")
        .replacing(#","subject":"patient/00000000-0000-7000-8000-000000000001""#, with: "")

    private func isScanned(_ line: String) -> Bool {
        Array(line.utf8).withUnsafeBytes { EntryScan($0) != nil }
    }

    /// What the scan takes, the parser takes; what comes out is the same.
    private func agrees(_ line: String) {
        #expect(LogEntry(line) == LogEntry(parsing: line), "\(line)")
    }

    @Test(arguments: [whole, plain]) func entriesAreScanned(_ line: String) {
        #expect(isScanned(line))
        #expect(LogEntry(line) != nil)
        agrees(line)
    }

    @Test func partsAreWhatTheySay() throws {
        let entry = try #require(LogEntry(Self.whole))
        #expect(entry.position == 12 && entry.version == 3 && entry.payloadVersion == 1 && entry.actor == "dr.a")
        #expect(entry.chartedAt?.description == "2026-11-22T15:40:00.000000Z" && entry.overrideGate == "consent")
        #expect(entry.overrideDigest == [0, 255] && entry.payloadDigest == [0xAB, 0xCD] && entry.log.description == "hickory/record")
        #expect(entry.event.lowercase == "68b4af34-c14e-5752-8bae-84f2c042b82b" && entry.type == "PatientArrived")
        let bare = try #require(LogEntry(Self.plain))
        #expect(bare.chartedAt == nil && bare.subject == nil && bare.overrideGate == nil && bare.overrideDigest == nil)
    }

    /// Escapes and letters beyond ASCII are left to the parser, which takes them.
    @Test(arguments: [#"dr.\"a"#, "dr.é", "dr.e\u{301}", #"\\"#]) func whatTheScanLeavesIsParsed(_ actor: String) {
        let line = Self.whole.replacing("dr.a", with: actor)
        #expect(!isScanned(line))
        #expect(LogEntry(line) != nil)
    }

    @Test(arguments: [
        ("12", "012"), ("12", "-0"), ("12", "1.0"), ("12", "1e1"), ("12", "9223372036854775807"), ("12", "12345678901234567"),
        ("12", "-12"), ("12", ""),
        ("2026-11-22T15:30:00.000001Z", "2026-02-29T15:30:00.000001Z"), ("2026-11-22T15:30:00.000001Z", "2026-11-22T24:30:00.000001Z"),
        ("2026-11-22T15:30:00.000001Z", "0000-11-22T15:30:00.000001Z"), ("2026-11-22T15:30:00.000001Z", "2026-11-22t15:30:00.000001z"),
        ("2026-11-22T15:30:00.000001Z", "2026-11-22T15:30:00Z"), ("2026-11-22T15:30:00.000001Z", "2026-11-22T15:30:00.000001+00:00"),
        ("abcd", "ABCD"), ("abcd", "abc"), ("abcd", ""), ("hickory", "Hickory"), ("hickory", "-h"), ("hickory", ""), ("record", "other"),
        ("68b4af34-c14e", "68B4AF34-c14e"), ("68b4af34-c14e", "68b4af34c14e-"), (#"{"actor""#, #"{ "actor""#), (#""v":1,"#, ""),
        (#""v":1,"#, #""v":1,"v":1,"#), (#""v":1,"#, #""v":1,"va":1,"#), (#""gate":"consent","#, ""), (#","reason_digest":"00ff""#, ""),
        ("}", "} "),
        (#""type":"PatientArrived","v":1"#, #""v":1,"type":"PatientArrived""#),
    ])
    func otherForms(_ part: String, _ other: String) { agrees(Self.whole.replacing(part, with: other)) }

    @Test(arguments: 0..<4 as Range<UInt64>) func mutations(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let spare = Array(#"{}",:0129-aZT."#.utf8)
        for _ in 0..<3000 {
            var bytes = Array((Bool.random(using: &generator) ? Self.whole : Self.plain).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = spare.randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(spare.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            agrees(String(decoding: bytes, as: UTF8.self))
        }
    }
}

import Foundation
import Ledger
import TestSupport
import Testing
import Tlog

/// An export is verified from its files alone, page by page.
@Suite(.ledger) struct ExportVerificationTests {
    private static func verify(_ folder: String, _ options: VerifyOptions = VerifyOptions()) async throws -> Verification {
        try #require(try await ExportVerification.verify(folder, kind: .record, options))
    }

    /// Exports a sealed log.
    private static func export(_ ledger: Ledger, _ bench: SealBench, to folder: String) async throws {
        try await bench.service(ledger).catchUp()
        try await ledger.withSnapshot(of: "hickory") { logs in
            let bounds = try await logs.bounds()
            let staged = try StagedFolder(for: folder)
            try await LogExport.write(logs, upTo: bounds, into: staged)
            try await SealedExport.write(ledger, logs, upTo: bounds, into: staged) { bench.keys.verifiers(for: $0) }
            try staged.commit()
        }
    }

    private static func edit(_ path: String, _ change: (inout Data) -> Void) throws {
        var data = try Data(contentsOf: URL(filePath: path))
        change(&data)
        try data.write(to: URL(filePath: path))
    }

    /// 9,300 events: three pages, with two tiles of the second level begun.
    private static func fillPages(_ ledger: Ledger) async throws {
        _ = try await ledger.append([.full(), .vitals(session(2))], to: .test())
        for part in 0..<3 {
            let streams = (0..<3099).map { session(part + $0 % 700) }
            _ = try await ledger.append(streams.map { .vitals($0) }, to: .test())
        }
    }

    @Test func aWholeExportOfSeveralPagesIsIntact() async throws {
        try await withSealing { ledger, bench in
            try await Self.fillPages(ledger)
            let folder = bench.directory + "/export"
            try await Self.export(ledger, bench, to: folder)
            let exported = try await Self.verify(folder)
            let stored = try await ledger.verify(.test(), bench.options())
            #expect(exported.isIntact, "\(exported.findings)")
            #expect(stored.isIntact, "\(stored.findings)")
            #expect(exported.root == stored.root && exported.events == stored.events && exported.events == 9300)
            #expect(exported.lastCheckpoint == stored.lastCheckpoint && exported.signers == stored.signers)
        }
    }

    /// Each file altered in one place, on another page than the first where it has several.
    @Test func whatWasAlteredIsFoundAtItsPlace() async throws {
        try await withSealing { ledger, bench in
            try await Self.fillPages(ledger)
            let folder = bench.directory + "/export"
            try await Self.export(ledger, bench, to: folder)
            func line(_ number: Int, in data: Data) -> Range<Data.Index> {
                var start = 0
                for _ in 1..<number { start = (data[start...].firstIndex(of: 0x0A) ?? 0) + 1 }
                return start..<(data[start...].firstIndex(of: 0x0A) ?? data.endIndex)
            }
            let alterations: [(file: String, at: Int64, says: String, change: (inout Data) -> Void)] = [
                (
                    "entries.jsonl", 5000, "the event's id is not that of its command and place",
                    { data in
                        let range = line(5000, in: data)
                        let text = String(decoding: data[range], as: UTF8.self)
                        let id = text.firstRange(of: #""event":""#).map { text[$0.upperBound...].prefix(36) } ?? ""
                        data.replaceSubrange(range, with: Data(text.replacing(id, with: UUID().uuidString.lowercased()).utf8))
                    }
                ),
                ("entries.jsonl", 5000, "the entry cannot be read", { $0.insert(0x20, at: line(5000, in: $0).lowerBound) }),
                (
                    "entries.jsonl", 5000, "the entry says that it is at position 5001",
                    { $0.removeSubrange(line(5000, in: $0).lowerBound...line(5000, in: $0).upperBound) }
                ),
                (
                    "payloads.jsonl", 8999, "the payload does not match its digest",
                    { data in data[line(8999, in: data).upperBound - 3] ^= 1 }
                ),
                ("payloads.jsonl", 4097, "the export's line for its payload is damaged", { $0[line(4097, in: $0).lowerBound] = 0x20 }),
                ("payloads.jsonl", 9300, "the export has no line for its payload", { $0.removeSubrange(line(9300, in: $0).lowerBound...) }),
                ("tile/entries/020", 5121, "tile/entries/020 does not hold what the entries make", { $0[$0.count - 1] ^= 1 }),
                ("tile/entries/036.p/84", 9217, "tile/entries/036.p/84 does not hold what the entries make", { $0.append(0) }),
                ("tile/0/021", 5377, "tile/0/021 does not hold what the entries make", { $0[31] ^= 128 }),
                ("tile/0/036.p/84", 9217, "tile/0/036.p/84 does not hold what the entries make", { $0.removeLast() }),
                ("tile/1/000.p/36", 1, "tile/1/000.p/36 does not hold what the entries make", { $0[0] ^= 1 }),
            ]
            for (file, at, says, change) in alterations {
                let path = folder + "/" + file
                let before = try Data(contentsOf: URL(filePath: path))
                try Self.edit(path, change)
                let found = try await Self.verify(folder).findings
                #expect(found.contains { $0.position == at && $0.what == says }, "\(file): \(found.prefix(5))")
                #expect(found.map(\.position).min() ?? 0 >= min(at, 1), "\(file): \(found.prefix(5))")
                try before.write(to: URL(filePath: path))
            }
            for file in ["tile/entries/005", "tile/0/006", "tile/1/000.p/36"] {
                let path = folder + "/" + file
                try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
                let found = try await Self.verify(folder).findings
                #expect(found.map(\.what) == ["\(file) is missing"])
                try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
            }
            #expect(try await Self.verify(folder).isIntact, "what was done was undone each time")
        }
    }

    @Test func aTailThatIsCutOffIsMissed() async throws {
        try await withSealing { ledger, bench in
            try await Self.fillPages(ledger)
            let folder = bench.directory + "/export"
            try await Self.export(ledger, bench, to: folder)
            for file in ["entries.jsonl", "payloads.jsonl"] {
                try Self.edit(folder + "/" + file) { data in
                    var lines = data.split(separator: 0x0A)
                    lines.removeLast(5000)
                    data = Data(lines.joined(separator: [0x0A]) + [0x0A])
                }
            }
            let found = try await Self.verify(folder)
            #expect(found.events == 4300)
            #expect(found.findings.contains { $0.position == 4301 && $0.what == "a checkpoint signs 9300 events; there are 4300" })
        }
    }

    /// A checkpoint that names more than any log can have is a finding, not the end of the program.
    @Test func aCheckpointOfAnImpossibleSizeIsAFinding() async throws {
        try await withSealing { ledger, bench in
            _ = try await ledger.append([.vitals(session(1))], to: .test())
            let folder = bench.directory + "/export"
            try await Self.export(ledger, bench, to: folder)
            try Self.edit(folder + "/checkpoint") { data in
                let text = String(decoding: data, as: UTF8.self)
                data = Data(text.replacing("\n1\n", with: "\n\(UInt64.max)\n", maxReplacements: 1).utf8)
            }
            #expect(try await !Self.verify(folder).isIntact)
        }
    }
}

import Canonical
import Foundation
import Ledger
import TestSupport
import Testing
import Tlog

/// What a log claims is recomputed from its bytes, wherever they lie.
@Suite(.ledger) struct ReplayTests {
    private static func replay(_ source: any LogSource, upTo last: Int64? = nil) async throws -> Replay {
        let last = last ?? source.size
        return try await Replay.run(over: [source], of: source.log, upTo: last, into: ()) { _, _, _ in }.replay
    }

    private static func replayStored(_ ledger: Ledger) async throws -> Replay {
        try await ledger.withSnapshot(of: "hickory") { try await replay($0.record) }
    }

    @Test func databaseAndExportAgreeWithVerify() async throws {
        try await withLedger { ledger async throws in
            try await ExportTests.fill(ledger)
            let verified = try await ledger.verify(.test())
            let stored = try await Self.replayStored(ledger)
            #expect(stored.faults.isEmpty && stored.tree.root == verified.root)
            try await TemporaryDirectory.with("dripline-replay") { directory in
                let (logs, _) = try await ExportTests.export(ledger, to: directory + "/out")
                let exported = try await Self.replay(logs.record)
                #expect(exported.faults.isEmpty && exported.tree.root == verified.root)
                #expect(exported.lastRecordedAt == stored.lastRecordedAt && exported.lastRecordedAt != nil)
                // Read one by one, records are what they are in order.
                let all = try await logs.record.reduce(upTo: 7, into: [LogRecord]()) { $0.append(LogRecord($1)) }
                #expect(try await logs.record.records(at: [7, 1, 3]) == [all[0], all[2], all[6]])
                let fromDatabase = try await ledger.withSnapshot(of: "hickory") { try await $0.record.records(at: [7, 1, 3]) }
                #expect(fromDatabase == [all[0], all[2], all[6]])
                let half = try await Self.replay(logs.record, upTo: 4)
                #expect(half.faults.isEmpty && half.tree.size == 4 && half.tree.root != verified.root)
            }
        }
    }

    static let tamperings: [(sql: String, at: Int64, says: String)] = [
        (#"SET payload = '{"heart_rate":73,"phase":"infusion"}' WHERE position = 5"#, 5, "the payload does not match its digest"),
        ("SET override_reason = 'another' WHERE position = 1", 1, "the override's reason does not match its digest"),
        ("SET override_reason = NULL WHERE position = 1", 1, "the override has lost its reason"),
        ("SET payload = NULL, salt = NULL WHERE position = 1", 1, "a part of the payload stands although the rest was erased"),
        ("SET actor = 'nurse.c' WHERE position = 5", 5, "the entry does not say what the columns say"),
        ("SET leaf = payload_digest WHERE position = 5", 5, "the leaf hash is not that of the entry"),
        ("SET entry = 'nothing' WHERE position = 5", 5, "the entry cannot be read"),
        ("SET entry = replace(entry, 'nurse.b', 'nurse.c') WHERE position = 5", 5, "the leaf hash is not that of the entry"),
    ]

    @Test func whatWasAlteredIsFound() async throws {
        try await withLedger { ledger async throws in
            try await ExportTests.fill(ledger)
            for tampering in Self.tamperings {
                let condition = " AND log_id = (SELECT log_id FROM dripline.logs WHERE log = 'record')"
                try await ExportTests.tampered("UPDATE dripline.events " + tampering.sql + condition) {
                    let faults = try await Self.replayStored(ledger).faults
                    #expect(faults.contains { $0.position == tampering.at && $0.what == tampering.says }, "\(tampering.sql): \(faults)")
                    #expect(faults.first?.position == tampering.at)
                }
            }
            try await ExportTests.tampered("DELETE FROM dripline.events WHERE position = 4") {
                let faults = try await Self.replayStored(ledger).faults
                #expect(faults.contains { $0.position == 4 && $0.what == "the events up to position 4 are missing" }, "\(faults)")
            }
            try await ExportTests.tampered(
                "UPDATE dripline.events SET payload = NULL, salt = NULL, override_reason = NULL WHERE position IN (1, 2)"
            ) {
                let replay = try await Self.replayStored(ledger)
                #expect(replay.faults.isEmpty && replay.erased == [1, 2], "an erasure is no fault")
            }
            #expect(try await Self.replayStored(ledger).faults.isEmpty, "what was done was undone each time")
        }
    }

    /// Lines of an export that somebody changed, cut or lost.
    @Test func aDamagedExportIsFound() async throws {
        try await withLedger { ledger async throws in
            try await ExportTests.fill(ledger)
            try await TemporaryDirectory.with("dripline-replay") { directory in
                _ = try await ExportTests.export(ledger, to: directory + "/out")
                let file = URL(filePath: directory + "/out/payloads.jsonl")
                let payloads = try String(contentsOf: file, encoding: .utf8)
                for (text, at, says) in [
                    (
                        payloads.replacing(#""heart_rate":72"#, with: #""heart_rate":73"#, maxReplacements: 1), 3,
                        "the payload does not match its digest"
                    ),
                    (payloads.replacing(#"{"position":2,"#, with: #"{"position":3,"#), 2, "the export's line for its payload is damaged"),
                    (String(payloads.prefix { $0 != "\n" }), 2, "the export has no line for its payload"),
                    (payloads.replacing(#""salt":""#, with: #""salt":"x"#), 1, "the export's line for its payload is damaged"),
                    (String(payloads.dropLast(3)), 7, "the export's line for its payload is damaged"),
                ] as [(String, Int64, String)] {
                    try Data(text.utf8).write(to: file)
                    let faults = try await Self.replay(LogSources(export: directory + "/out", clinic: "hickory").record).faults
                    #expect(faults.first?.position == at && faults.first?.what == says, "\(faults)")
                }
                #expect(throws: ExportError.self) { try LogSources(export: directory + "/out", clinic: "willow") }
                #expect(throws: ExportError.self) { try LogSources(export: directory + "/nothing", clinic: "hickory") }
            }
        }
    }
}

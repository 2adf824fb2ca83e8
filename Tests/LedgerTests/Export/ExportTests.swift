import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// An export is the log, byte for byte.
@Suite(.ledger) struct ExportTests {
    /// Events of the record, then an access, then more of the record and one more access.
    static func fill(_ ledger: Ledger) async throws {
        _ = try await ledger.append([.full(), .vitals(session(2))], to: .test())
        _ = try await ledger.append([.vitals("access")], to: .test("hickory", .access))
        _ = try await ledger.append([.vitals(session(1), session(2), session(1)), .vitals(patient(3))], to: .test())
        _ = try await ledger.append([.vitals("access")], to: .test("hickory", .access))
    }

    /// Exports, and reads the export back.
    static func export(
        _ ledger: Ledger, to folder: String, record: Int64? = nil, access: Int64? = nil
    ) async throws -> (logs: LogSources, bounds: LogBounds) {
        let bounds = try await ledger.withSnapshot(of: "hickory") { logs in
            let bounds = try await logs.bounds(record: record, access: access)
            let staged = try StagedFolder(for: folder)
            do {
                try await LogExport.write(logs, upTo: bounds, into: staged)
                try staged.commit()
            } catch {
                staged.discard()
                throw error
            }
            return bounds
        }
        return (try LogSources(export: folder, clinic: "hickory"), bounds)
    }

    private static func lines(_ path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test func everyLineIsAnEventsBytes() async throws {
        try await withLedger { ledger async throws in
            try await Self.fill(ledger)
            try await TemporaryDirectory.with("dripline-export") { directory in
                let folder = directory + "/out"
                let (_, bounds) = try await Self.export(ledger, to: folder)
                #expect(bounds == LogBounds(record: 7, access: 2))
                let rows = try await withSuperuser { connection async throws in
                    try await connection.query(
                        """
                        SELECT entry, payload::text, encode(salt, 'hex'), override_reason, l.log FROM dripline.events \
                        JOIN dripline.logs l USING (log_id) ORDER BY l.log DESC, position
                        """
                    ).map { try $0.decode(String.self, String.self, String.self, String?.self, String.self) }
                }
                for (kind, path) in [("record", folder), ("access", folder + "/access")] {
                    let expected = rows.filter { $0.4 == kind }
                    #expect(try Self.lines(path + "/entries.jsonl") == expected.map(\.0))
                    let payloads = try Self.lines(path + "/payloads.jsonl")
                    #expect(payloads.count == expected.count)
                    for (index, (line, row)) in zip(payloads, expected).enumerated() {
                        let json = try JSON.parse(line)
                        #expect(json["position"]?.int64 == Int64(index + 1) && json["salt"]?.text == row.2)
                        #expect(json["override_reason"]?.text == row.3)
                        #expect(line.hasSuffix(#","payload":\#(row.1)}"#))
                    }
                }
                #expect(rows.contains { $0.3 != nil }, "a reason was tried")
                var status = stat()
                #expect(stat(folder + "/payloads.jsonl", &status) == 0 && status.st_mode & 0o777 == 0o600, "only its owner reads it")
            }
        }
    }

    @Test func aPrefixEndsTheAccessesWhereItEnded() async throws {
        try await withLedger { ledger async throws in
            try await Self.fill(ledger)
            try await TemporaryDirectory.with("dripline-export") { directory in
                for (record, access, expected) in [
                    (3, nil, LogBounds(record: 3, access: 0)), (4, nil, LogBounds(record: 4, access: 1)),
                    (0, nil, LogBounds(record: 0, access: 0)), (nil, 1, LogBounds(record: 7, access: 1)),
                    (3, 2, LogBounds(record: 3, access: 2)), (nil, nil, LogBounds(record: 7, access: 2)),
                ] as [(Int64?, Int64?, LogBounds)] {
                    let folder = directory + "/\(record ?? -1)-\(access ?? -1)"
                    let (logs, bounds) = try await Self.export(ledger, to: folder, record: record, access: access)
                    #expect(bounds == expected)
                    #expect(logs.record.size == expected.record && logs.access.size == expected.access)
                    // An export answers the same.
                    if record == nil, access == nil { #expect(try await logs.bounds(record: 4) == LogBounds(record: 4, access: 1)) }
                }
                await #expect(throws: ExportError.beyondTheEnd(.test(), position: 8, size: 7)) {
                    _ = try await Self.export(ledger, to: directory + "/far", record: 8)
                }
            }
        }
    }

    @Test func aFailedExportLeavesNothing() async throws {
        try await withLedger { ledger async throws in
            try await Self.fill(ledger)
            try await TemporaryDirectory.with("dripline-export") { directory in
                for (sql, error) in [
                    (
                        "DELETE FROM dripline.events WHERE position = 5",
                        ExportError.notWritable(.test(), position: 5, reason: "the event is missing")
                    ),
                    (
                        "UPDATE dripline.events SET payload = (E'\\n' || payload)::json WHERE position = 6",
                        .notWritable(.test(), position: 6, reason: "the payload is not one line")
                    ),
                ] {
                    try await Self.tampered(sql) {
                        await #expect(throws: error) { _ = try await Self.export(ledger, to: directory + "/out") }
                    }
                    #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
                }
                try FileManager.default.createDirectory(atPath: directory + "/out", withIntermediateDirectories: false)
                _ = try await Self.export(ledger, to: directory + "/out")
                let before = try FileManager.default.contentsOfDirectory(atPath: directory + "/out").sorted()
                #expect(before == ["access", "entries.jsonl", "payloads.jsonl"])
                await #expect(throws: ExportError.self) { _ = try await Self.export(ledger, to: directory + "/out") }
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["out"])
            }
        }
    }

    /// As somebody who got past all privileges; what was done is undone.
    static func tampered(_ sql: String, _ body: () async throws -> Void) async throws {
        try await withSuperuser { connection async throws in
            try await connection.script(
                "CREATE TABLE public.kept AS SELECT * FROM dripline.events; ALTER TABLE dripline.events DISABLE TRIGGER ALL;" + sql)
            try await body()
            try await connection.script(
                "DELETE FROM dripline.events; INSERT INTO dripline.events SELECT * FROM public.kept; DROP TABLE public.kept")
        }
    }
}

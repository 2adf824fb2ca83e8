import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing
import Tlog

/// The stored entry against independent writers of canonical JSON.
@Suite(.ledger) struct EntryTests {
    private func entries(_ command: AppendCommand, in log: LogName) async throws -> [String] {
        try await withLedger { ledger in _ = try await ledger.append([command], to: log) }
        return try await withSuperuser { connection async throws in
            try await connection.query("SELECT entry FROM dripline.events ORDER BY position").map { try $0.decode(String.self) }
        }
    }

    @Test func saysWhatTheContractSays() async throws {
        let log = LogName.test("hickory", .access)
        let command = AppendCommand.full()
        let entries = try await entries(command, in: log)
        let stored = try await withLedger { try await $0.allEvents(of: log) }
        for (index, text) in entries.enumerated() {
            let entry = try JSON.parse(text)
            #expect(entry.canonical == text)
            let event = stored[index]
            var expected: [String: JSON] = [
                "actor": "dr.a", "charted_at": "2026-11-22T15:40:00.000000Z", "clinic": "hickory", "command": .string(command.id.lowercase),
                "event": .string(command.eventID(index).lowercase), "log": "access",
                "occurred_at": .string(command.events[index].occurredAt.description), "payload_digest": entry["payload_digest"] ?? .null,
                "position": .number(JSONNumber(index + 1)), "recorded_at": .string(event.recordedAt.description),
                "stream": .string(session(1)), "type": .string(event.type), "v": 1, "version": .number(JSONNumber(index + 1)),
            ]
            if index == 0 {
                expected["subject"] = .string(patient(1))
                expected["override"] = ["gate": "consent", "reason_digest": entry["override"]?["reason_digest"] ?? .null]
            }
            #expect(entry == .object(expected))
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func isWhatPythonWrites() async throws {
        let entries = try await entries(.full(), in: .test())
        try await TemporaryDirectory.with { directory in
            try (entries.joined(separator: "\n") + "\n").write(toFile: directory + "/entries", atomically: true, encoding: .utf8)
            let script = """
                import json, sys
                for line in open(sys.argv[1], encoding="utf-8"):
                    line = line.rstrip("\\n")
                    written = json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                    assert written == line, written
                """
            let (ending, output) = try await ChildProcess.run(
                ["/usr/bin/python3", "-c", script, directory + "/entries"], environment: ["PATH": "/usr/bin:/bin"])
            #expect(ending == .exited(0), "\(output)")
        }
        #expect(entries.count == 2)
    }

    /// What was stored under the commitment: the digests of an event recomputed here, from its columns.
    @Test func theDigestsAreThoseOfTheColumns() async throws {
        _ = try await entries(.full(), in: .test())
        try await withSuperuser { connection async throws in
            let rows = try await connection.query(
                "SELECT salt, payload::text, payload_digest, override_reason, override_digest, entry, leaf FROM dripline.events ORDER BY position"
            )
            for row in rows {
                let (salt, payload, digest, reason, reasonDigest, entry, leaf) = try row.decode(
                    [UInt8].self, String.self, [UInt8].self, String?.self, [UInt8]?.self, String.self, [UInt8].self)
                #expect(Digest.keyed(payload, salt: salt) == digest)
                #expect(reason.map { Digest.keyed($0, salt: salt) } == reasonDigest)
                #expect(TreeHash.leaf(Array(entry.utf8)).bytes == leaf)
                #expect(try JSON.parse(entry)["payload_digest"] == .string(Hex.encode(digest)))
            }
            #expect(rows.count == 2)
        }
    }
}

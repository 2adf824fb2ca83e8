import Canonical
import Ledger
import Logging
import Postgres
import TestSupport
import Testing
import Tlog

@testable import Projections

/// An audit says which checkpoint covers what it read, and which witnesses stand behind it; from the database and from an export alike.
@Suite(.sealedClinic, .timeLimit(.minutes(10))) struct AuditedCheckpointTests {
    private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        let ledger = Ledger(TestDatabase.current.settings, logger: .silent)
        do {
            try await body(ledger)
        } catch {
            await ledger.close()
            throw error
        }
        await ledger.close()
    }

    private func reports(_ audit: Audit) -> (markdown: String, json: String) {
        var (markdown, json) = ("", "")
        audit.writeMarkdown(to: &markdown)
        audit.writeJSON(to: &json)
        return (markdown, json)
    }

    @Test func witnessesAreNamed() async throws {
        try await TemporaryDirectory.with { directory in
            try await withLedger { ledger in
                let audit = try await ledger.withSnapshot(of: "hickory") { try await AuditTests.audit($0) }
                #expect(audit.isIntact)
                let (markdown, json) = reports(audit)
                let words =
                    "the first 310 events, signed by dripline.local/hickory/record; cosigned by witness.example (2026-11-22 15:30:00)"
                #expect(markdown.contains(words), "\(markdown.prefix(1500))")
                let document = try JSON.parse(json)
                guard case .array(let logs)? = document["logs"] else { throw SealedClinic.Failed() }
                #expect(logs[0]["checkpoint"]?["size"] == 310 && logs[0]["checkpoint"]?["root"] == logs[0]["root"])
                #expect(
                    logs[0]["checkpoint"]?["witnesses"] == [["witness": "witness.example", "cosigned_at": "2026-11-22T15:30:00.000000Z"]])
                #expect(logs[1]["checkpoint"]?["witnesses"] == [])

                let export = try await ClinicExport(ledger, clinic: "hickory", keys: SealedClinic.shared.keys, to: directory + "/export")
                let exported = try await AuditTests.audit(try LogSources(export: export.folder, clinic: "hickory"))
                #expect(reports(exported) == (markdown, json))
                // As of an earlier position the checkpoint before it counts.
                let earlier = try await ledger.withSnapshot(of: "hickory") { try await AuditTests.audit($0, position: 250) }
                #expect(reports(earlier).markdown.contains("the first 220 events, signed by"))
            }
        }
    }

    @Test func anotherRootIsAFault() async throws {
        try await withLedger { ledger in
            let connection = try await TestDatabase.current.connect()
            let tamperer = Tamperer(clinic: .shared, connection: connection, ledger: ledger, forgery: "")
            try await tamperer.begin()
            try await tamperer.sql("UPDATE record SET actor = 'some.body' WHERE position = 57")
            try await tamperer.rebuildEntries()
            await connection.close()
            let audit = try await ledger.withSnapshot(of: "hickory") { try await AuditTests.audit($0) }
            #expect(audit.logs[0].faults.map(\.what) == ["the checkpoint signed at this size has another root"])
            #expect(audit.logs[0].faults.map(\.position) == [310])
        }
    }
}

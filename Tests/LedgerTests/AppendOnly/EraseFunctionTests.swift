import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// `dripline.erase` takes away what an erasure names, for whom it is granted, and nothing else does.
@Suite(.ledger) struct EraseFunctionTests {
    let log = LogName.test()

    private static func erasure(_ positions: String, of stream: String = patient(1)) -> AppendCommand {
        AppendCommand(
            id: UUID(), actor: "dr.a",
            events: [
                NewEvent(
                    stream: stream, type: "PayloadErased", occurredAt: .sample(900),
                    payload: #"{"authority":"Order","positions":\#(positions)}"#)
            ])
    }

    private func given(_ positions: String = #"[{"from":1,"to":2}]"#) async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.full(), .vitals(session(1)), Self.erasure(positions)], to: log)
        }
    }

    private static var settings: ConnectionSettings { TestDatabase.current.settings.setting(role: "dripline_eraser") }

    private func erase(_ position: Int64) async throws -> Int64 {
        try await withConnection(Self.settings) { connection async throws in
            try await connection.transaction { try Ledger.erase(namedAt: position, in: LogName.test(), on: $0) }
        }
    }

    @Test func itTakesAwayWhatIsNamedAndNothingElse() async throws {
        try await given()
        let before = try await withLedger { try await $0.allEvents(of: log) }
        #expect(try await erase(4) == 2)
        #expect(try await erase(4) == 0, "again there is nothing left to take")
        try await withLedger { ledger async throws in
            let after = try await ledger.allEvents(of: log)
            #expect(after.map(\.isErased) == [true, true, false, false])
            #expect(after[0].overrideReason == nil && after[0].overrideGate == "consent")
            #expect(after.map(\.event) == before.map(\.event) && after[2...] == before[2...])
            let verification = try await ledger.verify(log)
            #expect(verification.isIntact && verification.erased == 2, "\(verification.findings)")
        }
    }

    @Test(arguments: [
        (#"[{"from":1,"to":4}]"#, Int64(4)), (#"[{"from":5,"to":9}]"#, 4), (#"[{"from":0,"to":1}]"#, 4), ("[]", 4),
        (#"[{"from":1,"to":2}]"#, 3), (#"[{"from":1,"to":2}]"#, 9),
    ])
    func itRefusesWhatIsNoErasure(_ positions: String, _ position: Int64) async throws {
        try await given(positions)
        let error = await #expect(throws: PostgresError.self) { try await erase(position) }
        #expect(error?.sqlState == "DL004")
        try await withLedger { ledger async throws in #expect(try await ledger.allEvents(of: log).allSatisfy { !$0.isErased }) }
    }

    @Test func onlyAnEraserMay() async throws {
        try await given()
        for role in ["dripline_service", "dripline_projector", "dripline_sealer", "dripline_reporting"] {
            let settings = TestDatabase.current.settings.setting(role: role)
            let error = await #expect(throws: PostgresError.self) {
                try await withConnection(settings) { connection async throws in
                    try await connection.execute("SELECT dripline.erase('hickory', 'record', 4)")
                }
            }
            #expect(error?.sqlState == "42501")
        }
        // Nor can an eraser do more than call it.
        let error = await #expect(throws: PostgresError.self) {
            try await withConnection(Self.settings) { connection async throws in
                try await connection.script("SET dripline.erasing = 'on'; UPDATE dripline.events SET payload = NULL, salt = NULL")
            }
        }
        #expect(error?.sqlState == "42501")
    }

    /// Even with the owner's rights and the setting, an UPDATE can only take away.
    @Test(arguments: [
        "payload = '{}'", "payload = NULL, salt = NULL, actor = 'x'", "payload = NULL, salt = NULL, override_reason = 'because'",
        "leaf = salt",
        "entry = entry || ' '", "position = position + 10",
    ])
    func nothingElseCanBeUpdated(_ assignment: String) async throws {
        try await given()
        let error = await #expect(throws: PostgresError.self) {
            try await withConnection(TestDatabase.current.settings.setting(role: "dripline_owner")) { connection async throws in
                try await connection.script("SET dripline.erasing = 'on'; UPDATE dripline.events SET \(assignment)")
            }
        }
        #expect(error?.sqlState == "DL009")
        // Nothing was changed: the erasure still waits to be carried out.
        try await withLedger { ledger async throws in #expect(try await ledger.verify(log).findings.map(\.position) == [1]) }
    }

    /// A payload that is gone without an erasure that names it, or stands although one does, is found.
    @Test func verifyHoldsThePayloadsAgainstTheErasures() async throws {
        try await given()
        try await withLedger { ledger async throws in
            #expect(
                try await ledger.verify(log).findings.map(\.description) == [
                    "position 1: an erasure names it, and its payload still stands"
                ])
        }
        _ = try await erase(4)
        try await withSuperuser { connection async throws in
            try await connection.script(
                """
                SET dripline.migration = on; ALTER TABLE dripline.events DISABLE TRIGGER ALL;
                UPDATE dripline.events SET payload = NULL, salt = NULL WHERE position = 3
                """)
        }
        try await withLedger { ledger async throws in
            #expect(
                try await ledger.verify(log).findings.map(\.description) == ["position 3: its payload is gone, and no erasure names it"])
        }
    }
}

import Ledger
import Postgres
import TestSupport
import Testing

/// A superuser may insert: no privilege holds one, and `append` inserts as the owner. What is inserted past `append` is found by `verify`.
@Suite(.ledger) struct DirectInsertTests {
    @Test func anEventPutInBySuperuserIsFound() async throws {
        try await withLedger { ledger async throws in
            _ = try await ledger.append([.full()], to: .test())
            try await withSuperuser { connection async throws in
                try await connection.append(.vitals(session(4)), to: .test())
                _ = try await connection.execute(
                    """
                    INSERT INTO dripline.events SELECT log_id, position + 1, version + 1, occurred_at, recorded_at, charted_at, event, command,
                        stream, type, actor, subject, override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry
                    FROM dripline.events WHERE position = 3
                    """)
            }
            let verification = try await ledger.verify(.test())
            #expect(verification.findings.first?.position == 4)
        }
    }
}

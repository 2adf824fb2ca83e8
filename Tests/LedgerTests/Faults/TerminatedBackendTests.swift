import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// A server process killed under an append: the command ends known, and once in the log.
@Suite(.ledger) struct TerminatedBackendTests {
    let log = LogName.test()
    private static let name = "ledger-under-fault"

    private var settings: ConnectionSettings {
        TestDatabase.current.settings.setting(user: "ledger_tests_login").setting(applicationName: Self.name)
    }

    @Test func beforeTheCommit() async throws {
        try await withLedger(settings) { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            let held = try await HeldLog(log)
            let append = Task { try await ledger.append([.vitals(session(1))], to: log) }
            let waiting = try await held.waitForWaiting(1)
            try await held.execute("SELECT pg_terminate_backend($1)", [waiting[0]])
            try await held.release()
            guard case .appended(let receipts) = try await append.value[0] else { throw Unexpected("not appended") }
            #expect(receipts.map(\.position) == [2])
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    /// A deferred trigger runs inside COMMIT, before its record is written; there the process is killed.
    @Test func duringTheCommit() async throws {
        try await withLedger(settings) { ledger async throws in
            _ = try await ledger.append([.vitals(session(1))], to: log)
            try await withSuperuser { connection async throws in
                try await connection.script(
                    """
                    CREATE FUNCTION public.wait_in_commit() RETURNS trigger LANGUAGE plpgsql
                        AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER wait_in_commit AFTER INSERT ON dripline.events DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION public.wait_in_commit();
                    SELECT pg_advisory_lock(4711);
                    """)
                let append = Task { try await ledger.append([.vitals(session(1))], to: log) }
                let waiting = try await Self.waiting(connection, "wait_event_type = 'Lock' AND wait_event = 'advisory'")
                _ = try await connection.query("SELECT pg_terminate_backend($1)", [waiting])
                _ = try await connection.query("SELECT pg_advisory_unlock(4711)")
                guard case .appended(let receipts) = try await append.value[0] else { throw Unexpected("not appended") }
                #expect(receipts.map(\.position) == [2])
            }
            #expect(try await ledger.verify(log).isIntact)
        }
    }

    /// The server process that waits so.
    static func waiting(_ connection: Connection, _ condition: String) async throws -> Int32 {
        while true {
            let rows = try await connection.query(
                "SELECT pid FROM pg_stat_activity WHERE application_name = '\(name)' AND datname = current_database() AND \(condition)")
            if let row = rows.first { return try row.decode(Int32.self) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Any process of the application, at any moment, over and over.
    @Test func atAnyMoment() async throws {
        let (writers, appends) = (8, 60)
        let acknowledged = Acknowledged()
        try await withLedger(settings) { ledger async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await Self.killer(acknowledged) }
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for writer in 0..<writers {
                        tasks.addTask { [log] in
                            for _ in 0..<appends {
                                // Half through the sequencer, half each for itself.
                                let command = AppendCommand.vitals(session(writer), session(99))
                                let outcome =
                                    writer.isMultiple(of: 2)
                                    ? try await ledger.sequencer(for: log).append(command) : try await ledger.append([command], to: log)[0]
                                guard let receipts = outcome.receipts else { throw Unexpected("\(outcome)") }
                                acknowledged.add(receipts, in: log)
                            }
                        }
                    }
                    try await tasks.waitForAll()
                }
                acknowledged.end()
                try await group.waitForAll()
            }
            let stored = try await ledger.allEvents(of: log)
            #expect(stored.count == writers * appends * 2)
            #expect(acknowledged.receipts(of: log).map(\.event) == stored.map(\.event))
            #expect(acknowledged.receipts(of: log).map(\.position) == stored.map(\.position))
            let verification = try await ledger.verify(log)
            #expect(verification.isIntact, "\(verification.findings)")
        }
    }

    /// Kills one at random whenever some more was acknowledged, so that the writers always get on. Waits in the end until all are gone: what is read
    /// then does not get a connection that is about to die.
    private static func killer(_ acknowledged: Acknowledged) async throws {
        try await withSuperuser { connection async throws in
            var killed: [Int32] = []
            var next = 4
            while !acknowledged.isOver {
                guard acknowledged.count >= next else {
                    try await Task.sleep(for: .milliseconds(1))
                    continue
                }
                next = acknowledged.count + 8
                let victims = try await connection.query(
                    """
                    SELECT pid FROM pg_stat_activity WHERE application_name = '\(name)' AND datname = current_database()
                    AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
                    """
                ).map { try $0.decode(Int32.self) }
                for victim in victims {
                    _ = try await connection.query("SELECT pg_terminate_backend($1)", [victim])
                    killed.append(victim)
                }
            }
            while try await !connection.query("SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1)", [killed]).isEmpty {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(killed.count > 10)
        }
    }
}

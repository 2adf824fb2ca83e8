import Canonical
import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Several processes may run a projector; each projection is held by one of them.
@Suite(.projections, .timeLimit(.minutes(10))) struct RunningProjectorsTests {
    @Test func anotherTakesOverWhenTheHolderDies() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 11)
            try await bench.append(clinic.work(events: 40))
            try await bench.projector.catchUp()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...3 {
                    let projector = Workbench.projector(bench.ledger, named: "process \(number)")
                    group.addTask { try await projector.run() }
                }
                for _ in 0..<3 {
                    for projection in allProjections {
                        // One holder, and no more.
                        try await bench.until { try await holders(of: projection, bench).count == 1 }
                        try await bench.append(clinic.work(events: 10))
                        try await arrive(projection, clinic.position, bench)
                        let dead = try await holders(of: projection, bench)
                        try await bench.superuser.execute("SELECT pg_terminate_backend($1)", [dead[0]])
                        try await bench.append(clinic.work(events: 10))
                        try await arrive(projection, clinic.position, bench)
                        try await bench.until {
                            let next = try await holders(of: projection, bench)
                            return next.count == 1 && next != dead
                        }
                    }
                }
                for projection in allProjections { try await arrive(projection, clinic.position, bench) }
                group.cancelAll()
                try await group.waitForAll()
            }
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live, "a clean run against three projectors")
        }
    }

    /// The server's processes that hold the lock of a projection.
    private func holders(of projection: any Projection.Type, _ bench: Workbench) async throws -> [Int32] {
        try await bench.superuser.query(
            """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
            AND (classid::bigint << 32 | objid::bigint) = $1
            """, [AdvisoryLock.projecting(projection.name)]
        ).map { try $0.value(0, as: Int32.self) }
    }

    private func arrive(_ projection: any Projection.Type, _ position: Int64, _ bench: Workbench) async throws {
        try await bench.ledger.waitForProjection(projection, of: Workbench.hickory, position: position, limit: .seconds(60))
    }

    @Test func severalCatchUpsAtOnceShareTheWork() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 12)
            for _ in 0..<6 {
                try await bench.append(clinic.work(events: 40))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { try await bench.projector.catchUp() } }
                    try await group.waitForAll()
                }
            }
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live, "a clean run against three at once")
        }
    }

    /// A policy, a form or an enrolment judges anew what happened since, and leaves alone what happened before.
    @Test func whatTheClinicLaysDownRefoldsTheSessionsSince() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 13)
            try await bench.append(clinic.work(events: 150))
            try await bench.projector.catchUp()
            clinic.moveOn()
            clinic.adoptsPolicies = false
            let noon = clinic.clock
            try await bench.append(clinic.work(events: 150))
            try await bench.projector.catchUp()
            let before = try await writers(bench)
            let policy = RandomClinic.Draft(
                stream: .clinic, actor: "ada", type: .policyAdopted,
                data: ["version": "strict", "effective_at": .string(noon.description), "vitals_gap_min": 1, "late_entry_h": 1],
                minutesAgo: clinic.clock.microseconds(since: noon) / 60_000_000)
            let proposed = clinic.propose(policy)
            let command = try #require(proposed)
            try await bench.append([command])
            try await bench.projector.catchUp()
            let after = try await writers(bench)
            let rewritten = Set(after.keys.filter { after[$0] != before[$0] })
            let since = try await bench.superuser.query(
                "SELECT DISTINCT stream FROM dripline.events WHERE occurred_at >= (SELECT occurred_at FROM dripline.events WHERE position = $1)",
                [clinic.position]
            ).map { try $0.value(0, as: String.self) }
            #expect(rewritten == Set(since))
            #expect(rewritten.count < after.count, "some streams ended before")
            let verdicts = try await bench.ledger.judgements(of: "hickory")
            #expect(verdicts.contains { $0.finding.policyVersion == "strict" })
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live)
        }
    }

    /// For each stream with verdicts, the transaction that wrote them.
    private func writers(_ bench: Workbench) async throws -> [String: String] {
        let rows = try await bench.superuser.query("SELECT stream, max(xmin::text) FROM compliance.verdicts GROUP BY stream")
        return try rows.reduce(into: [:]) { writers, row in
            let (stream, writer) = try row.decode(String.self, String.self)
            writers[stream] = writer
        }
    }
}
